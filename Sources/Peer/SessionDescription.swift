/// A description and the part it plays in negotiation: W3C's `RTCSessionDescription`.
///
/// ```swift
/// let answer = SessionDescription(.answer, sdp: text)
/// ```
public struct SessionDescription: Hashable, Sendable {
    /// The part a description plays (RFC 9429 §4.1.10).
    public enum Kind: String, Hashable, Sendable {
        case offer, answer
    }

    /// Offer or answer.
    public var kind: Kind
    /// The description itself.
    public var sdp: String

    /// `sdp` in the part of `kind`.
    public init(_ kind: Kind, sdp: String) {
        self.kind = kind
        self.sdp = sdp
    }
}
