/// One thing that two descriptions say differently.
///
/// ```swift
/// for difference in secondOffer.differences(from: firstOffer) { print(difference) }
/// // section 1 (video, mid 1): direction changed from sendrecv to recvonly
/// ```
public struct SDPDifference: Hashable, Sendable {
    /// Where in the description the difference is.
    public var place: Place
    /// What kind of fact differs.
    public var kind: Kind
    /// Whose fact it is, such as a codec or a header extension; nil where the place says it all.
    public var subject: String?
    /// How the fact changed.
    public var change: Change

    /// A difference from its parts.
    public init(_ kind: Kind, _ change: Change, of subject: String? = nil, in place: Place) {
        self.place = place
        self.kind = kind
        self.subject = subject
        self.change = change
    }

    /// A part of a description.
    public enum Place: Hashable, Sendable {
        /// What holds for all sections.
        case session
        /// A media section by its number, with its kind and mid in the newer description.
        case media(index: Int, kind: String, mid: String?)
    }

    /// What happened to a fact.
    public enum Change: Hashable, Sendable {
        /// Only the newer description says it.
        case added(String)
        /// Only the older description says it.
        case removed(String)
        /// Both say it, with other words.
        case changed(from: String, to: String)
        /// The same things stand in another order.
        case reordered(from: [String], to: [String])
        /// A section was used and is refused or stopped now.
        case rejected
        /// A section was refused and is used now.
        case accepted
        /// A stopped section is used for something else now (RFC 9429 §5.2.2).
        case recycled(from: String, to: String)
    }
}

extension SDPDifference: CustomStringConvertible {
    /// A sentence for people: the place, the fact, and what became of it.
    public var description: String {
        let fact = kind.noun + (subject.map { " of \($0)" } ?? "")
        return "\(place): \(fact) \(change)"
    }
}

extension SDPDifference.Place: CustomStringConvertible {
    /// The place in a few words, such as `section 0 (audio, mid 0)`.
    public var description: String {
        switch self {
        case .session: "session"
        case .media(let index, let kind, let mid):
            "section \(index) (\(kind)" + (mid.map { ", mid \($0))" } ?? ")")
        }
    }
}

extension SDPDifference.Change: CustomStringConvertible {
    /// The end of a sentence, such as `changed from sendrecv to recvonly`.
    public var description: String {
        switch self {
        case .added(let value): "added: \(value)"
        case .removed(let value): "removed: \(value)"
        case .changed(let old, let new): "changed from \(old) to \(new)"
        case .reordered(let old, let new):
            "reordered from \(old.joined(separator: ", ")) to \(new.joined(separator: ", "))"
        case .rejected: "rejected"
        case .accepted: "accepted"
        case .recycled(let old, let new): "recycled from \(old) to \(new)"
        }
    }
}
