/// A description and the part it plays in negotiation: W3C's `RTCSessionDescription`.
///
/// ```swift
/// let answer = SessionDescription(.answer, sdp: text)
/// ```
public struct SessionDescription: Hashable, Sendable {
    /// The part a description plays (RFC 9429 §4.1.10).
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case offer, answer
        /// An answer that another one may follow.
        case pranswer
        /// Back to the last stable state; its text does not matter.
        case rollback
    }

    /// Offer, answer, provisional answer or rollback.
    public var kind: Kind
    /// The description itself.
    public var sdp: String

    /// `sdp` in the part of `kind`.
    public init(_ kind: Kind, sdp: String) {
        self.kind = kind
        self.sdp = sdp
    }

    /// Back to the last stable state.
    public static let rollback = SessionDescription(.rollback, sdp: "")
}
