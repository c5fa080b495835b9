import CSRTP
import Wire

/// The master keys and salts of both directions (RFC 5764 §4.2).
///
/// The memory is wiped when the last copy goes away.
public struct SRTPMasterKeys: Sendable {
    let local: KeyStorage
    let remote: KeyStorage
    let profile: SRTPProtectionProfile

    /// Splits the exporter's output of a DTLS handshake; `isClient` tells which half is ours.
    public init(
        exporterOutput: [UInt8],
        profile: SRTPProtectionProfile,
        isClient: Bool
    ) throws(SRTPError) {
        guard profile.isSupported else { throw .unsupportedProfile(profile.rawValue) }
        let (key, salt) = (profile.keyLength, profile.saltLength)
        guard exporterOutput.count == 2 * (key + salt) else {
            throw .wrongKeyLength(need: 2 * (key + salt))
        }
        // RFC 5764 §4.2: client key, server key, client salt, server salt.
        let salts = 2 * key
        let client = KeyStorage(
            key: exporterOutput[..<key],
            salt: exporterOutput[salts..<salts + salt]
        )
        let server = KeyStorage(
            key: exporterOutput[key..<salts],
            salt: exporterOutput[(salts + salt)...]
        )
        local = isClient ? client : server
        remote = isClient ? server : client
        self.profile = profile
    }
}

/// One direction's key and salt, in memory that is wiped before it is freed.
@safe
final class KeyStorage: Sendable {
    // Written in init alone, freed in deinit alone.
    nonisolated(unsafe) private let bytes: UnsafeMutableBufferPointer<UInt8>

    init(key: ArraySlice<UInt8>, salt: ArraySlice<UInt8>) {
        let bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: key.count + salt.count)
        // Room for both was just allocated.
        for (offset, byte) in key.enumerated() { unsafe bytes[offset] = byte }
        for (offset, byte) in salt.enumerated() { unsafe bytes[key.count + offset] = byte }
        unsafe self.bytes = bytes
    }

    deinit {
        unsafe swiftlet_wipe(bytes.baseAddress, bytes.count)
        unsafe bytes.deallocate()
    }

    /// Lends the key, with the salt behind it as libsrtp wants them.
    func lend<Success: ~Copyable>(_ body: (UnsafeMutablePointer<UInt8>?) -> Success) -> Success {
        unsafe body(bytes.baseAddress)
    }
}
