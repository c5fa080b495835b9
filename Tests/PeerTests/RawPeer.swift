import DTLS
import Digests
import ICE
import NetworkSimulator
import SDP
import SRTP
import Wire

/// The other end of a call made of its protocols alone: it has the right keys and can say anything.
struct RawPeer: ~Copyable, SimulatedNode {
    /// Which liberties it takes.
    struct Manners: OptionSet {
        let rawValue: Int
        /// Checks nothing itself (RFC 8445 §2.5).
        static let lite = Manners(rawValue: 1)
        /// Writes descriptions as the voice programs of the field do.
        static let field = Manners(rawValue: 2)
    }

    let local: SocketAddress
    let manners: Manners
    private(set) var certificate: Certificate
    private var agent: ICEAgent
    private var credentials: ICECredentials
    private var entropy: Entropy
    private(set) var dtls: DTLSConnection?
    private var srtp: SRTPSession?
    private var keys: KeyingMaterial?
    /// How many handshakes have led to keys.
    private(set) var handshakes = 0
    /// Where our session is, once it is known.
    private(set) var remote: SocketAddress?
    private(set) var failure: DTLSError?
    private(set) var hasClosed = false
    private var waiting = Queue<Datagram>()

    init(_ address: String, manners: Manners = [], seed: UInt64) throws {
        var entropy = Entropy.seed(seed)
        local = SocketAddress(IPAddress(address) ?? .loopback4, port: 60_000)
        self.manners = manners
        certificate = try Certificate.selfSigned(validFrom: 1_700_000_000)
        credentials = .random(using: &entropy)
        agent = ICEAgent(role: .controlled, entropy: entropy.split())
        self.entropy = entropy.split()
        agent.addStream(0, credentials: credentials)
        agent.add(local: .host(local), to: 0, at: .zero)
    }

    var isConnected: Bool { srtp != nil }

    // MARK: Signaling

    /// Our description; `setup` is `actpass` in an offer.
    func description(setup: String, fingerprints: [String]? = nil) -> String {
        let isField = manners.contains(.field)
        let hashes = fingerprints ?? [fingerprint(.sha256)]
        let lines = [
            isField ? "v=1" : "v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0",
            isField ? nil : "a=group:BUNDLE 0", manners.contains(.lite) ? "a=ice-lite" : nil,
            "m=audio 9 UDP/TLS/RTP/SAVPF 111", "c=IN IP4 0.0.0.0", isField ? nil : "a=mid:0",
            "a=sendrecv", "a=rtcp-mux", isField ? nil : "a=rtpmap:111 opus/48000/2",
            "a=ice-ufrag:\(credentials.usernameFragment)", "a=ice-pwd:\(credentials.password)",
            "a=setup:\(setup)", "a=candidate:1 1 udp 2122260223 \(local.address) 60000 typ host",
        ]
        let all = lines.compactMap(\.self) + hashes.map { "a=fingerprint:\($0)" }
        return all.joined(separator: "\r\n") + "\r\n"
    }

    /// The value of a fingerprint attribute.
    func fingerprint(_ function: HashFunction) -> String {
        let der = certificate.der
        let fingerprint = CertificateFingerprint(of: der.span, function: function)
        return "\(fingerprint.function) \(fingerprint.text)"
    }

    /// Takes over the session's description; `role` is ours in DTLS.
    mutating func accept(_ text: String, role: DTLSRole, at now: Instant) throws {
        let description = try SDPDescription(parsing: text)
        let media = description.media[0]
        dtls = try DTLSConnection(
            role: role,
            certificate: certificate,
            peerFingerprints: description.fingerprints(for: media).map {
                CertificateFingerprint(function: $0.hashFunction, bytes: $0.bytes)
            }
        )
        if role == .server { dtls?.start(roundTripTime: nil, at: now) }
        guard remote == nil, !manners.contains(.lite), let ufrag = media.iceUfrag,
            let pwd = media.icePwd
        else {
            return
        }
        let theirs = ICECredentials(usernameFragment: ufrag, password: pwd)
        agent.setRemote(theirs, of: 0, at: now)
        pump(at: now)
    }

    /// Has another certificate from the next description on; the keys in use serve until it leads to
    /// others.
    mutating func changeCertificate() throws {
        certificate = try Certificate.selfSigned(validFrom: 1_700_000_001)
    }

    /// Has other credentials from the next description on.
    mutating func restartICE(at now: Instant) {
        credentials = .random(using: &entropy)
        agent.restart(stream: 0, credentials: credentials, at: now)
        remote = nil
    }

    // MARK: Anything

    /// Protects `packet` with the right keys and sends it.
    mutating func send(_ packet: [UInt8], isControl: Bool = false) {
        guard let remote else { return }
        var bytes = packet + [UInt8](repeating: 0, count: 64)
        var span = bytes.mutableSpan
        do throws(SRTPError) {
            let length =
                isControl
                ? try srtp?.protectControl(&span, length: packet.count)
                : try srtp?.protect(&span, length: packet.count)
            let payload = [UInt8](bytes.prefix(length ?? 0))
            waiting.append(Datagram(from: local, to: remote, payload: payload))
        } catch {
            return
        }
    }

    /// Begins with an empty list of sources, of which a session has only so many.
    mutating func forgetSources() {
        srtp = keys.flatMap { Self.session(for: $0) }
    }

    mutating func sendPlain(_ payload: [UInt8], from port: UInt16 = 60_000) {
        guard let remote else { return }
        let source = SocketAddress(local.address, port: port)
        waiting.append(Datagram(from: source, to: remote, payload: payload))
    }

    // MARK: SimulatedNode

    var deadline: Instant? {
        let handshake: Instant? =
            switch dtls {
            case .some(let connection): connection.deadline
            case .none: nil
            }
        return [agent.deadline, handshake].compactMap(\.self).min()
    }

    mutating func receive(_ datagram: Datagram, at now: Instant) {
        switch datagram.payload.first ?? 255 {
        case 0, 1:
            agent.receive(datagram.payload.span, from: datagram.source, on: local, at: now)
        case 20...63:
            if remote == nil { remote = datagram.source }
            dtls?.receive(datagram.payload.span, at: now)
        default: break  // nobody listens here
        }
        pump(at: now)
    }

    mutating func advance(to now: Instant) {
        agent.advance(to: now)
        dtls?.advance(to: now)
        pump(at: now)
    }

    mutating func popTransmit() -> Datagram? { waiting.popFirst() }

    private mutating func pump(at now: Instant) {
        while let output = agent.popOutput() {
            switch output {
            case .transmit(let datagram): waiting.append(datagram)
            case .selected(_, let pair):
                remote = pair.remote.address
                dtls?.start(roundTripTime: agent.roundTripTime, at: now)
            case .pathLost, .stateChanged, .roleChanged, .connect, .disconnect, .restartAdvised:
                break
            }
        }
        while let output = dtls?.popOutput() {
            switch output {
            case .transmit(let bytes): sendPlain(bytes)
            case .connected(let material, _):
                keys = material
                handshakes += 1
                forgetSources()
            case .applicationData: break
            case .closed: hasClosed = true
            case .failed(let error): failure = error
            }
        }
    }

    private static func session(for material: KeyingMaterial) -> SRTPSession? {
        let profile = SRTPProtectionProfile(rawValue: material.profile)
        do throws(SRTPError) {
            let keys = try SRTPMasterKeys(
                exporterOutput: material.bytes,
                profile: profile,
                isClient: material.localRole == .client
            )
            return try SRTPSession(profile: profile, keys: keys)
        } catch {
            return nil
        }
    }
}
