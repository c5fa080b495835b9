import SDP
import Wire

// What peers without ICE would use: RFC 8839 §4.2.1.2, RFC 9429 §5.2.2.
extension MediaDescription {
    /// Fills in the m= and c= lines, and `a=rtcp` where it stands, from the default candidates.
    ///
    /// Where there is none, or only behind a name, they go on saying that nothing is known.
    mutating func setDefaults(among candidates: [CandidateAttribute]) {
        // Port zero has a meaning of its own: rejected, or riding on another section.
        guard port != 0, let media = candidates.standard(component: 1) else { return }
        port = media.port
        connection = ConnectionInformation(media.address)
        guard rtcp != nil, let control = candidates.standard(component: 2) else { return }
        let isElsewhere = control.address != media.address
        rtcp = RTCPAttribute(
            port: control.port,
            connection: isElsewhere ? ConnectionInformation(control.address) : nil
        )
    }
}

extension [CandidateAttribute] {
    /// The candidate that most likely works for everybody: relayed before reflexive before host.
    fileprivate func standard(component: UInt16) -> SocketAddress? {
        let usable = filter { $0.component == component && $0.transport == .udp }
        for kind in [CandidateAttribute.Kind.relayed, .serverReflexive, .host] {
            let known = usable.filter { $0.kind == kind }.compactMap(\.socketAddress)
            // RFC 8421 §4: the older family is understood everywhere.
            if let found = known.first(where: { $0.address.family == .v4 }) ?? known.first {
                return found
            }
        }
        return nil
    }
}
