// swift-tools-version: 6.2

import PackageDescription

// A package as a user has one: it knows Swiftlet by its product alone.
let package = Package(
    name: "Consumer",
    dependencies: [.package(name: "Swiftlet", path: "../..")],
    targets: [
        .executableTarget(
            name: "Consumer",
            dependencies: [.product(name: "Swiftlet", package: "Swiftlet")],
            swiftSettings: [
                .swiftLanguageMode(.v6),
                .treatAllWarnings(as: .error),
                .enableUpcomingFeature("MemberImportVisibility"),
            ]
        )
    ]
)
