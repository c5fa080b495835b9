import SRTP
import Wire

// What leaves is sealed in place, what arrives is opened in place.
extension Transport {
    /// Seals RTP, or RTCP; zero if SRTP refuses: then nothing leaves in the clear.
    func protect(
        _ packet: inout MutableSpan<UInt8>,
        length: Int,
        isControl: Bool
    ) -> Int {
        do throws(SRTPError) {
            return isControl
                ? try srtp?.protectControl(&packet, length: length) ?? 0
                : try srtp?.protect(&packet, length: length) ?? 0
        } catch {
            return 0
        }
    }

    /// Opens RTP, or RTCP, and returns its length.
    ///
    /// While keys are being replaced those before them are tried as well.
    func unprotect(
        _ packet: inout MutableSpan<UInt8>,
        isControl: Bool
    ) throws(SRTPError) -> Int {
        guard let retired else { return try srtp?.open(&packet, isControl: isControl) ?? 0 }
        // After a failure the bytes are worthless: the second attempt needs a copy.
        let copy = [UInt8](copying: packet.span)
        do throws(SRTPError) {
            return try srtp?.open(&packet, isControl: isControl) ?? 0
        } catch {
            for index in copy.indices { packet[index] = copy[index] }
            return try retired.srtp?.open(&packet, isControl: isControl) ?? 0
        }
    }
}

extension SRTPSession {
    fileprivate mutating func open(
        _ packet: inout MutableSpan<UInt8>,
        isControl: Bool
    ) throws(SRTPError) -> Int {
        isControl
            ? try unprotectControl(&packet, length: packet.count)
            : try unprotect(&packet, length: packet.count)
    }
}
