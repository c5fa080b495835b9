#!/usr/bin/env bash
# Builds the documentation of every library product; a warning is an error.
#
#   scripts/build-docs.sh            all modules, into .build/documentation
#   scripts/build-docs.sh SDP RTP    only these
source "$(dirname "$0")/setup.sh"

case "${1:-}" in
    -h | --help) sed -n '2,5s/^# \{0,1\}//p' "$0"; exit 0 ;;
esac
require_swift
require_packages "${library_packages[@]}"
docc=$(command -v docc) || stop "docc is not on the PATH." "It comes with Swift's toolchain."

modules=("$@")
if [ ${#modules[@]} -eq 0 ]; then
    mapfile -t modules < <(grep -oP '\blibrary\("\K\w+' Package.swift)
fi
[ ${#modules[@]} -gt 0 ] || stop "found no library products in Package.swift."

binaries=$(swift build --show-bin-path)
host=$(swift -print-target-info | sed -n 's/.*"unversionedTriple": "\(.*\)".*/\1/p' | head -1)
# Where the headers of the C libraries are: Opus has a folder of its own.
read -ra headers <<<"$(pkg-config --cflags-only-I openssl libsrtp2 opus alsa)"

status=0
for module in "${modules[@]}"; do
    say "$module"
    swift build --target "$module" >/dev/null || stop "$module does not build." \
        "Run swift build --target $module to see why."
    # Where the modules are, and the module maps of the C targets they import: those appear with the
    # build.
    places=("${headers[@]}" -I "$binaries/Modules")
    for folder in Sources/C*/ "$binaries"/C*.build; do
        [ -f "$folder/module.modulemap" ] && places+=(-I "$folder")
    done
    input=$(mktemp -d)
    swift symbolgraph-extract -module-name "$module" -target "$host" "${places[@]}" \
        -minimum-access-level public -skip-synthesized-members -output-dir "$input"
    catalog=Sources/$module/$module.docc
    [ -d "$catalog" ] || catalog=()
    mkdir -p .build/documentation
    if "$docc" convert ${catalog[@]+"${catalog[@]}"} --additional-symbol-graph-dir "$input" \
        --fallback-display-name "$module" --fallback-bundle-identifier "swiftlet.$module" \
        --output-path ".build/documentation/$module.doccarchive" --warnings-as-errors; then
        printf 'in .build/documentation/%s.doccarchive\n' "$module"
    else
        printf 'error: the documentation of %s has warnings\n' "$module" >&2
        status=1
    fi
    rm -rf "$input"
done
exit $status
