import CSRTP
import Wire

/// One direction of a session: an `srtp_t`, freed with the value.
///
/// libsrtp makes the state of a stream when its first packet comes, for a received one only after it
/// was authenticated.
@safe
struct SRTPContext: ~Copyable, Sendable {
    enum Direction { case inbound, outbound }

    // Owned by this value alone, which one thread at a time uses.
    nonisolated(unsafe) private let handle: srtp_t
    /// Sources that have state in libsrtp, which searches them one by one.
    private var sources: [UInt32] = []
    private var lastSource: UInt32?

    init(
        _ direction: Direction,
        profile: SRTPProtectionProfile,
        keys: KeyStorage
    ) throws(SRTPError) {
        guard isLibraryReady else {
            throw .library(srtp_err_status_init_fail.rawValue)
        }
        var policy = unsafe srtp_policy_t()
        unsafe profile.fill(&policy)
        unsafe policy.ssrc.type = direction == .inbound ? ssrc_any_inbound : ssrc_any_outbound
        unsafe policy.window_size = replayWindow
        var handle: srtp_t?
        // srtp_create copies the policy and derives the session keys before the loan ends.
        let status = unsafe keys.lend { bytes in
            unsafe policy.key = bytes
            return unsafe srtp_create(&handle, &policy)
        }
        try check(status)
        guard let handle = unsafe handle else { throw .library(status.rawValue) }
        unsafe self.handle = handle
    }

    deinit {
        // Wipes the session keys.
        unsafe srtp_dealloc(handle)
    }

    /// Runs one of libsrtp's four operations on the first `length` bytes of `packet`, in place.
    mutating func run(
        _ operation: Operation,
        on packet: inout MutableSpan<UInt8>,
        length: Int,
        source: UInt32
    ) throws(SRTPError) -> Int {
        let isKnown = lastSource == source || sources.contains(source)
        guard isKnown || sources.count < maximumSources else { throw .tooManyStreams }
        var count = CInt(length)
        // The session has checked that `length` bytes and the trailer fit; no pointer is kept.
        let status = unsafe packet.withUnsafeMutableBufferPointer { buffer in
            let start = UnsafeMutableRawPointer(buffer.baseAddress)
            return switch operation {
            case .protect: unsafe srtp_protect(handle, start, &count)
            case .unprotect: unsafe srtp_unprotect(handle, start, &count)
            case .protectControl: unsafe srtp_protect_rtcp(handle, start, &count)
            case .unprotectControl: unsafe srtp_unprotect_rtcp(handle, start, &count)
            }
        }
        try check(status)
        if !isKnown { sources.append(source) }
        lastSource = source
        return Int(count)
    }

    enum Operation { case protect, unprotect, protectControl, unprotectControl }
}

extension SRTPProtectionProfile {
    /// Sets the ciphers and tags of `policy`.
    fileprivate func fill(_ policy: inout srtp_policy_t) {
        // Each function fills the struct it is given.
        switch self {
        case .aeadAES128GCM:
            unsafe srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtp)
            unsafe srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtcp)
        case .aeadAES256GCM:
            unsafe srtp_crypto_policy_set_aes_gcm_256_16_auth(&policy.rtp)
            unsafe srtp_crypto_policy_set_aes_gcm_256_16_auth(&policy.rtcp)
        default:
            unsafe srtp_crypto_policy_set_rtp_default(&policy.rtp)
            unsafe srtp_crypto_policy_set_rtp_default(&policy.rtcp)
        }
    }
}

/// Throws what a status of libsrtp means.
private func check(_ status: srtp_err_status_t) throws(SRTPError) {
    switch status {
    case srtp_err_status_ok: return
    case srtp_err_status_auth_fail, srtp_err_status_cipher_fail: throw .authenticationFailed
    case srtp_err_status_replay_fail: throw .replayed
    case srtp_err_status_replay_old: throw .tooOld
    case srtp_err_status_bad_param, srtp_err_status_parse_err: throw .malformed
    case srtp_err_status_key_expired: throw .keysExhausted
    default: throw .library(status.rawValue)
    }
}

/// Whether libsrtp is initialised: once a process, by whoever comes first.
private let isLibraryReady = srtp_init() == srtp_err_status_ok

/// RFC 3711 §3.3.2 asks for at least 64; a burst of video is longer than that.
private let replayWindow: UInt = 1_024
/// A peer that keeps inventing sources must not fill our memory.
private let maximumSources = 256
