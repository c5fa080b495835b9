/// One position of the descriptions, which no section ever leaves (RFC 3264 §8).
struct SectionSlot: Hashable, Sendable {
    /// Whose section it is.
    enum Owner: Hashable, Sendable {
        case transceiver(TransceiverID)
        case data
        /// Rejected, or something we do not know.
        case nobody
    }

    var mid: String
    var owner: Owner
    var form: SectionForm
    /// Whether an agreement holds it, or has rejected it if it is nobody's.
    var isAgreed = false
    /// Whether both descriptions would put it into a BUNDLE group; then the transport names the group.
    var isGrouped = false
    /// The transport it rides on, or asks for.
    var transport: Int?
    /// Whether an answer of ours may accept it.
    var isAcceptable = false

    /// Whether the peer must be told that it is rejected.
    var awaitsRejection: Bool { owner == .nobody && !isAgreed }

    /// Whether a new section may take the place (RFC 9429 §5.2.2).
    var isFree: Bool { owner == .nobody && isAgreed }
}
