public import DTLS
public import Peer
import Wire

/// A session that is about to be given a hostile description, and the steps that follow.
public final class HostileExchange {
    /// At which moment the description comes.
    public enum Moment: String, Sendable, CaseIterable {
        /// It is the first offer.
        case offer
        /// It offers again, with other credentials, what was agreed on before.
        case laterOffer = "later offer"
        /// It follows an offer that was not answered yet.
        case secondOffer = "second offer"
        /// We have offered much ourselves.
        case collision
    }

    private var session: PeerSession
    private var text: String

    /// Nil if the moment never comes, because the session refuses what must come before.
    public init?(
        _ description: HostileDescription,
        at moment: Moment,
        capabilities: MediaCapabilities,
        certificate: Certificate
    ) {
        session = Self.makeSession(capabilities, certificate)
        let other = String(HostileText.password.reversed())
        do throws(PeerError) {
            switch moment {
            case .offer: text = description.text
            case .laterOffer, .secondOffer:
                try session.setRemoteDescription(
                    SessionDescription(.offer, sdp: description.text),
                    at: .zero
                )
                if moment == .laterOffer { try session.setLocalDescription(at: .zero) }
                text = description.text.replacing(HostileText.password, with: other)
            case .collision:
                text = description.text
                for index in 0..<200 {
                    let isVideo = index % 2 == 1 && capabilities.video.codecs.count > 0
                    _ = try session.addTrack(isVideo ? .video : .audio, at: .zero)
                }
                try session.setLocalDescription(at: .zero)
            }
        } catch {
            return nil
        }
        Self.gather(&session)
    }

    /// Takes the description and answers it; what is costly is in here.
    ///
    /// Returns the size of the answer, or nil if the description is refused.
    public func perform() -> Int? {
        do throws(PeerError) {
            try session.setRemoteDescription(SessionDescription(.offer, sdp: text), at: .zero)
            let answer = try session.createAnswer(at: .zero)
            try session.setLocalDescription(answer, at: .zero)
            return answer.sdp.utf8.count
        } catch {
            return nil
        }
    }

    /// What the session asks of its owner; sockets that it wants are opened.
    public func takeOutputs() -> HostileExchange.Outputs { Self.gather(&session) }

    /// How many transceivers the session has.
    public var transceiverCount: Int { session.transceivers.count }

    /// What a session has asked of its owner, counted.
    public struct Outputs: Sendable {
        public var transports = 0
        public var lookups = 0
        public var tracks = 0
        public var deviations = 0
        public var all = 0
    }

    /// Gives each transport sockets on four addresses, as a host with two networks has them.
    @discardableResult
    static func gather(_ session: inout PeerSession) -> Outputs {
        var outputs = Outputs()
        var streams: [Int] = []
        while let output = session.popOutput() {
            outputs.all += 1
            switch output {
            case .gather(let stream): streams.append(stream)
            case .network(.resolve): outputs.lookups += 1
            case .event(.trackAdded): outputs.tracks += 1
            case .event(.warning(.descriptionDeviates(let deviations))):
                outputs.deviations += deviations.count
            case .network, .event: break
            }
        }
        outputs.transports = streams.count
        for stream in streams {
            for (index, text) in addresses.enumerated() {
                guard let address = IPAddress(text) else { continue }
                let port = UInt16(truncatingIfNeeded: 10_000 + stream * 4 + index)
                session.addLocalAddress(SocketAddress(address, port: port), to: stream, at: .zero)
            }
            session.endOfLocalAddresses(of: stream, at: .zero)
        }
        while session.popOutput() != nil {}
        return outputs
    }

    private static let addresses = ["192.0.2.1", "198.51.100.1", "2001:db8::1", "2001:db8::2"]

    /// The same description once more, with other credentials: an ICE restart.
    public func performAgain() -> Int? {
        let other = String(HostileText.password.reversed())
        text =
            text.contains(other)
            ? text.replacing(other, with: HostileText.password)
            : text.replacing(HostileText.password, with: other)
        return perform()
    }

    static func makeSession(
        _ capabilities: MediaCapabilities,
        _ certificate: Certificate,
        _ policy: BundlePolicy = .balanced
    ) -> PeerSession {
        var configuration = PeerConfiguration()
        configuration.capabilities = capabilities
        configuration.bundlePolicy = policy
        return PeerSession(
            certificate: certificate,
            configuration: configuration,
            entropy: .seed(1),
            wallClock: WallClock(unixNanoseconds: 1_700_000_000_000_000_000),
            at: .zero
        )
    }
}
