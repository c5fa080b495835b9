import RTP
import Wire

let rtpBenchmarks = packetBenchmarks + streamBenchmarks + controlBenchmarks

/// 1,200 bytes of payload behind a MID and an audio level.
private func samplePacket() throws -> [UInt8] {
    var packet = RTPPacket(payloadType: 96, sequenceNumber: 5, timestamp: 77, ssrc: 0x1234)
    packet.extensions = [
        HeaderExtension(id: 3, value: [1, 2]), HeaderExtension(id: 4, value: [0x30]),
    ]
    packet.payload = [UInt8](repeating: 7, count: 1_200)
    return try packet.write()
}

private let packetBenchmarks = [
    Benchmark("rtp/parse-header-2-extensions", goal: .atMost(40, mallocs: 0)) {
        let packet = try samplePacket()
        return { iterations in
            for _ in 0..<iterations {
                let bytes = hide(packet)
                let header = try RTPHeader(parsing: bytes.span)
                use(UInt32(header.sequenceNumber) ^ header.timestamp ^ header.ssrc)
                use(header.payload.lowerBound &+ header.payload.upperBound)
            }
        }
    },
    Benchmark("rtp/parse-header-find-2-extensions", goal: .atMost(40, mallocs: 0)) {
        let packet = try samplePacket()
        return { iterations in
            for _ in 0..<iterations {
                let bytes = hide(packet)
                let header = try RTPHeader(parsing: bytes.span)
                use(UInt32(header.sequenceNumber) ^ header.timestamp ^ header.ssrc)
                guard let first = header.extensionRange(id: 3, in: bytes.span),
                    let second = header.extensionRange(id: 4, in: bytes.span)
                else { throw UnexpectedResult("both extensions must be found") }
                use(first.lowerBound &+ second.lowerBound &+ header.payload.upperBound)
            }
        }
    },
]

private let streamBenchmarks = [
    Benchmark("rtp/write-160B-mid-level", goal: .atMost(80, mallocs: 0)) {
        let payload = [UInt8](repeating: 7, count: 160)
        return { iterations in
            var entropy = Entropy.seed(1)
            var sender = RTPSender(ssrc: 9, payloadType: 111, clockRate: 48_000, entropy: &entropy)
            var packet = [UInt8](repeating: 0, count: 256)
            for index in 0..<iterations {
                let bytes = hide(payload)
                var place = packet.mutableSpan
                use(
                    try sender.write(
                        bytes.span,
                        timestamp: UInt32(truncatingIfNeeded: index &* 960),
                        hasMarker: false,
                        mid: (id: 3, value: "0"),
                        audioLevel: (id: 4, level: 30, voice: true),
                        into: &place,
                        at: Instant(nanoseconds: Int64(index) &* 20_000_000)
                    )
                )
            }
        }
    },
    Benchmark("rtp/receive-in-order", goal: .atMost(40, mallocs: 0)) {
        let packet = try samplePacket()
        return { iterations in
            var receiver = RTPReceiver(ssrc: 0x1234, clockRate: 48_000)
            var header = try RTPHeader(parsing: packet.span)
            var accepted = 0
            for index in 0..<iterations {
                header.sequenceNumber &+= 1
                header.timestamp &+= 960
                let now = Instant(nanoseconds: Int64(index) &* 20_000_000)
                switch receiver.receive(header, at: now) {
                case .accepted: accepted &+= 1
                case .probation, .duplicate, .implausible: break
                }
            }
            use(accepted)
        }
    },
]

/// What Pion's micro benchmark parses: a report, a canonical name and a request to repeat.
private let controlBenchmarks = [
    Benchmark("rtp/parse-sr-sdes-nack", goal: .atMost(600)) {
        let datagram = try sampleCompound()
        return { iterations in
            for _ in 0..<iterations {
                let bytes = hide(datagram)
                use(try CompoundPacket.parse(bytes.span).count)
            }
        }
    },
    Benchmark("rtp/write-sr-sdes-nack", goal: .atMost(200, mallocs: 0)) {
        let packets = samplePackets
        return { iterations in
            var datagram = [UInt8](repeating: 0, count: 256)
            for _ in 0..<iterations {
                var place = datagram.mutableSpan
                use(try CompoundPacket.write(packets, into: &place))
            }
        }
    },
]

private func sampleCompound() throws -> [UInt8] { try CompoundPacket.write(samplePackets) }

private let samplePackets: [RTCPPacket] = [
    .senderReport(
        SenderReport(
            ssrc: 1,
            ntp: NTPTime(unixNanoseconds: 1_700_000_000_000_000_000),
            rtpTimestamp: 77,
            packetCount: 5,
            octetCount: 6_000,
            reportBlocks: [
                ReportBlock(ssrc: 2)
            ]
        )
    ),
    .sourceDescription(SourceDescription(ssrc: 1, canonicalName: "Kq3vXb8dTnLm0pZs")),
    .genericNACK(
        GenericNACK(
            sender: 1,
            media: 2,
            entries: [GenericNACK.Entry(packetID: 3, followingLost: 5)]
        )
    ),
]
