// swift-tools-version: 6.2

import PackageDescription

// Read this file as the architecture: a target may import what its line names, and nothing else.
// docs/architecture.md draws the picture.

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("ExistentialAny"),
]
/// Wire's reader and writers are non-escapable views.
let viewSettings = settings + [.enableExperimentalFeature("Lifetimes")]

func module(_ name: String, imports dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(of name: String, imports dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: [.byName(name: name), "Support"] + dependencies,
        swiftSettings: settings
    )
}

func library(_ name: String) -> Product { .library(name: name, targets: [name]) }

func systemLibrary(_ name: String, pkgConfig: String, debian: String) -> Target {
    .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([debian])])
}

let cTargets: [Target] = [
    systemLibrary("COpenSSL", pkgConfig: "openssl", debian: "libssl-dev"),
    systemLibrary("CSRTP", pkgConfig: "libsrtp2", debian: "libsrtp2-dev"),
    systemLibrary("COpus", pkgConfig: "opus", debian: "libopus-dev"),
    systemLibrary("CALSA", pkgConfig: "alsa", debian: "libasound2-dev"),
    .target(name: "CChecksums"),
    .target(name: "CLinux"),
    .target(name: "CLeanOpenSSL", dependencies: ["COpenSSL"]),
    .target(name: "CSimulatedOpenSSL", dependencies: ["COpenSSL"]),
]

/// Values, bytes and time in, outputs drained: no socket, no thread, no clock.
let pureTargets: [Target] = [
    .target(name: "Wire", dependencies: ["CChecksums"], swiftSettings: viewSettings),
    module("Digests", imports: ["Wire", "COpenSSL"]),
    module("SDP", imports: ["Wire"]),
    module("STUN", imports: ["Wire", "Digests"]),
    module("TURN", imports: ["Wire", "STUN"]),
    module("ICE", imports: ["Wire", "STUN"]),
    module("DTLS", imports: ["Wire", "Digests", "COpenSSL", "CLeanOpenSSL"]),
    module("TLS", imports: ["Wire", "COpenSSL"]),
    module("MDNS", imports: ["Wire"]),
    module("SRTP", imports: ["Wire", "CSRTP"]),
    module("RTP", imports: ["Wire"]),
    module("JitterBuffer", imports: ["Wire", "RTP"]),
    module(
        "Peer",
        imports: [
            "Wire", "SDP", "STUN", "TURN", "ICE", "DTLS", "SRTP", "RTP", "JitterBuffer",
        ]
    ),
]

/// Where the operating system and the devices are met, and what an application imports.
let shellTargets: [Target] = [
    module("LinuxIO", imports: ["Wire", "CLinux"]),
    module("Opus", imports: ["Wire", "COpus"]),
    module("AudioIO", imports: ["Wire", "CALSA"]),
    module("MDNSSockets", imports: ["Wire", "MDNS", "LinuxIO"]),
    module("TLSStreams", imports: ["Wire", "TLS", "LinuxIO"]),
    module("Signaling", imports: ["Wire", "LinuxIO", "Digests", "TLS", "TLSStreams"]),
    module("TURNSockets", imports: ["Wire", "STUN", "TURN", "LinuxIO", "TLS", "TLSStreams"]),
    module("NetworkSimulator", imports: ["Wire", "COpenSSL", "CSimulatedOpenSSL"]),
    module(
        "Swiftlet",
        imports: [
            "Peer", "LinuxIO", "Opus", "JitterBuffer", "RTP", "ICE", "SDP", "DTLS", "TLS",
            "TLSStreams", "MDNS", "MDNSSockets", "Wire",
        ]
    ),
]

let programs: [Target] = [
    .executableTarget(
        name: "Caller",
        dependencies: [
            "Swiftlet", "SDP", "Signaling", "STUN", "TURN", "TURNSockets", "TLS", "ICE", "AudioIO",
            "Opus", "LinuxIO", "Wire",
        ],
        path: "Examples/Caller",
        swiftSettings: settings
    ),
    .target(name: "CBenchmarking", path: "Benchmarks/CBenchmarking"),
    .executableTarget(
        name: "benchmarks",
        dependencies: [
            "CBenchmarking", "Wire", "Digests", "STUN", "TURN", "ICE", "RTP", "SRTP", "DTLS", "SDP",
            "TLS", "MDNS", "Peer", "LinuxIO", "Swiftlet", "JitterBuffer", "NegotiationSupport",
        ],
        path: "Benchmarks",
        exclude: ["README.md", "CBenchmarking", "Peers"],
        swiftSettings: settings
    ),
]

let testTargets: [Target] = [
    .target(
        name: "Support",
        dependencies: ["Wire"],
        path: "Tests/Support",
        swiftSettings: settings
    ),
    tests(of: "Wire"),
    tests(of: "Digests", imports: ["Wire"]),
    tests(of: "SDP", imports: ["Wire"]),
    tests(of: "STUN", imports: ["Wire", "Digests", "NetworkSimulator"]),
    .target(
        name: "TURNSupport",
        dependencies: ["Wire", "TURN", "NetworkSimulator"],
        path: "Tests/TURNSupport",
        swiftSettings: settings
    ),
    .target(
        name: "TraversalSupport",
        dependencies: ["Wire", "ICE", "DTLS", "Peer", "NetworkSimulator", "TURNSupport"],
        path: "Tests/TraversalSupport",
        swiftSettings: settings
    ),
    .target(
        name: "NegotiationSupport",
        dependencies: ["Wire", "DTLS", "Peer"],
        path: "Tests/NegotiationSupport",
        swiftSettings: settings
    ),
    .executableTarget(
        name: "traversals",
        dependencies: ["TraversalSupport"],
        path: "Tests/Traversals",
        swiftSettings: settings
    ),
    tests(of: "TURN", imports: ["Wire", "STUN", "NetworkSimulator", "TURNSupport"]),
    tests(of: "ICE", imports: ["Wire", "STUN", "NetworkSimulator"]),
    tests(of: "DTLS", imports: ["Wire", "Digests", "NetworkSimulator"]),
    tests(of: "TLS", imports: ["Wire"]),
    tests(of: "MDNS", imports: ["Wire"]),
    tests(of: "SRTP", imports: ["Wire"]),
    tests(of: "RTP", imports: ["Wire"]),
    tests(of: "JitterBuffer", imports: ["Wire", "RTP"]),
    tests(
        of: "Peer",
        imports: [
            "Wire", "Digests", "NetworkSimulator", "TURNSupport", "TraversalSupport",
            "NegotiationSupport", "TURN", "STUN", "ICE", "DTLS", "SDP", "SRTP", "RTP",
            "JitterBuffer",
        ]
    ),
    tests(of: "LinuxIO", imports: ["Wire"]),
    tests(of: "Opus", imports: ["Wire"]),
    tests(of: "AudioIO", imports: ["Wire"]),
    tests(of: "MDNSSockets", imports: ["Wire", "LinuxIO", "MDNS"]),
    tests(of: "TLSStreams", imports: ["Wire", "LinuxIO", "TLS"]),
    tests(of: "Signaling", imports: ["Wire", "LinuxIO", "TLS"]),
    tests(of: "TURNSockets", imports: ["Wire", "STUN", "TURN", "LinuxIO", "TLS"]),
    tests(of: "NetworkSimulator", imports: ["Wire", "COpenSSL"]),
    tests(of: "Swiftlet", imports: ["Wire", "LinuxIO", "Opus", "TLS", "TURN", "TURNSockets"]),
    tests(
        of: "Caller",
        imports: ["Swiftlet", "AudioIO", "Signaling", "STUN", "TURN", "TLS", "LinuxIO", "Wire"]
    ),
]

let package = Package(
    name: "Swiftlet",
    products: [
        library("Wire"), library("Digests"), library("SDP"), library("STUN"), library("TURN"),
        library("ICE"), library("DTLS"), library("TLS"), library("TLSStreams"), library("MDNS"),
        library("MDNSSockets"), library("SRTP"), library("RTP"), library("JitterBuffer"),
        library("Peer"),
        library("LinuxIO"), library("TURNSockets"), library("Opus"), library("AudioIO"),
        library("Signaling"),
        library("NetworkSimulator"), library("Swiftlet"),
        .executable(name: "swiftlet", targets: ["Caller"]),
        .executable(name: "benchmarks", targets: ["benchmarks"]),
    ],
    targets: cTargets + pureTargets + shellTargets + programs + testTargets
)
