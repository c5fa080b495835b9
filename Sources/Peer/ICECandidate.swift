/// A candidate as it travels over signaling: W3C's `RTCIceCandidate`.
public struct ICECandidate: Hashable, Sendable {
    /// The attribute `candidate:…`; empty at the end of candidates (RFC 8840 §4.3).
    public var candidate: String
    /// The media section it belongs to.
    public var sdpMid: String?
    /// The position of that section; used when the mid is missing.
    public var sdpMLineIndex: Int?
    /// The generation of credentials it belongs to.
    public var usernameFragment: String?

    /// A candidate of the section `sdpMid`.
    public init(
        candidate: String,
        sdpMid: String? = nil,
        sdpMLineIndex: Int? = nil,
        usernameFragment: String? = nil
    ) {
        self.candidate = candidate
        self.sdpMid = sdpMid
        self.sdpMLineIndex = sdpMLineIndex
        self.usernameFragment = usernameFragment
    }
}
