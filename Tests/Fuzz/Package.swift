// swift-tools-version: 6.2

import PackageDescription

// Fuzz targets through the doors that network input takes; scripts/run-fuzzers.sh builds and runs
// them. A package of its own, because libFuzzer brings its own `main`.

func fuzzer(_ name: String, _ modules: String...) -> Target {
    .executableTarget(
        name: name,
        dependencies: modules.map { .product(name: $0, package: "Swiftlet") },
        swiftSettings: [
            .swiftLanguageMode(.v6),
            .treatAllWarnings(as: .error),
            .unsafeFlags(["-parse-as-library"]),
        ]
    )
}

let package = Package(
    name: "Fuzz",
    dependencies: [.package(name: "Swiftlet", path: "../..")],
    targets: [
        fuzzer("WireReader", "Wire"),
        fuzzer("STUNMessages", "STUN", "Wire"),
        fuzzer("STUNStreams", "STUN", "Wire"),
        fuzzer("STUNExchanges", "STUN", "Wire"),
        fuzzer("ServerAddresses", "STUN"),
        fuzzer("RTPHeaders", "RTP", "Wire"),
        fuzzer("RTCPCompounds", "RTP", "Wire"),
        fuzzer("Descriptions", "SDP"),
        fuzzer("Attributes", "SDP"),
        fuzzer("Findings", "SDP"),
        fuzzer("WebSockets", "Signaling", "Wire"),
        fuzzer("SignalingMessages", "Signaling"),
        fuzzer("RelayClients", "TURN", "STUN", "Wire"),
        fuzzer("RelayServers", "TURN", "STUN", "Wire"),
        fuzzer("RelayStreams", "TURN", "STUN", "Wire"),
        fuzzer("Agents", "ICE", "STUN", "Wire"),
        fuzzer("Handshakes", "DTLS", "Wire"),
        fuzzer("SecureStreams", "TLS", "Wire"),
        fuzzer("NeighbourMessages", "MDNS", "Wire"),
        fuzzer("JitterBuffers", "JitterBuffer", "Wire"),
        fuzzer("Sessions", "Peer", "DTLS", "Wire"),
        fuzzer("ServerAnswers", "Peer", "DTLS", "Wire"),
        fuzzer("SharedPorts", "Peer", "ICE", "Wire"),
        fuzzer("Negotiations", "Peer", "DTLS", "Wire"),
    ]
)
