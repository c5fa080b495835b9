import SRTP
import Wire

// The requests for memory are those of libsrtp's NSS.
let srtpBenchmarks = [
    protect(.aeadAES128GCM, "gcm128", 1_200, goal: .atMost(1_300)),
    roundTrip(.aeadAES128GCM, "gcm128", 1_200, goal: .atMost(2_600)),
    protect(.aeadAES128GCM, "gcm128", 160, goal: .atMost(1_000)),
    roundTrip(.aeadAES128GCM, "gcm128", 160, goal: .atMost(2_000)),
    // Debian's libsrtp2 computes this one with NSS, slowly: no goal.
    protect(.aes128CMHMACSHA1_80, "cm80", 1_200, goal: nil),
    roundTrip(.aes128CMHMACSHA1_80, "cm80", 1_200, goal: nil),
]

private func protect(
    _ profile: SRTPProtectionProfile,
    _ name: String,
    _ size: Int,
    goal: Goal?
) -> Benchmark {
    Benchmark("srtp/protect-\(name)-\(size)B", goal: goal) {
        { iterations in
            var sender = try session(profile, isClient: true)
            var packet = [UInt8](repeating: 7, count: size + 64)
            for index in 0..<iterations {
                fill(&packet, sequence: index)
                var place = packet.mutableSpan
                use(try sender.protect(&place, length: size))
            }
        }
    }
}

private func roundTrip(
    _ profile: SRTPProtectionProfile,
    _ name: String,
    _ size: Int,
    goal: Goal?
) -> Benchmark {
    Benchmark("srtp/protect-unprotect-\(name)-\(size)B", goal: goal) {
        { iterations in
            var sender = try session(profile, isClient: true)
            var receiver = try session(profile, isClient: false)
            var packet = [UInt8](repeating: 7, count: size + 64)
            for index in 0..<iterations {
                fill(&packet, sequence: index)
                var place = packet.mutableSpan
                let length = try sender.protect(&place, length: size)
                guard try receiver.unprotect(&place, length: length) == size else {
                    throw UnexpectedResult("a packet of our own must open")
                }
            }
        }
    }
}

private func session(
    _ profile: SRTPProtectionProfile,
    isClient: Bool
) throws(SRTPError) -> SRTPSession {
    let count = 2 * (profile.keyLength + profile.saltLength)
    let keys = try SRTPMasterKeys(
        exporterOutput: [UInt8](0..<UInt8(count)),
        profile: profile,
        isClient: isClient
    )
    return try SRTPSession(profile: profile, keys: keys)
}

/// A header with a new sequence number; the payload stays what it is.
private func fill(_ packet: inout [UInt8], sequence: Int) {
    packet[0] = 0x80
    packet[1] = 111
    packet[2] = UInt8(truncatingIfNeeded: sequence >> 8)
    packet[3] = UInt8(truncatingIfNeeded: sequence)
    for index in 4..<12 { packet[index] = 9 }
}
