/// A session description (RFC 8866): its lines as values, in the order they came.
///
/// What is parsed can be changed and written again; lines and attributes that nobody here knows
/// are kept. A description in the RFC's order with CR LF comes back byte for byte.
///
/// ```swift
/// var offer = try SDPDescription(parsing: text)
/// for media in offer.media { print(media.kind, media.rtpMaps.map(\.encoding)) }
/// offer.media[0].direction = .sendOnly
/// let changed = offer.write()
/// ```
public struct SDPDescription: Hashable, Sendable {
    /// How much is forgiven while parsing.
    public enum Mode: Hashable, Sendable {
        /// Reads what can be understood, and notes each deviation: for what others sent.
        case tolerant
        /// Refuses the first thing that RFC 8866 does not allow: for tests of generators.
        case strict
    }

    /// The number of the v= line; 0 in every description that follows the RFC.
    public var version: Int
    /// Who made the description, and which version of it this is (§5.2).
    public var origin: Origin
    /// The s= line (§5.3).
    public var name: String
    /// The i= line (§5.4).
    public var information: String?
    /// Where people can ask about the session: u=, e= and p= lines (§5.5, §5.6).
    public var contact: Contact
    /// Where media goes when a section does not say (§5.7).
    public var connection: ConnectionInformation?
    /// The b= lines (§5.8).
    public var bandwidths: [BandwidthLimit]
    /// When the session is active: t=, r= and z= lines (§5.9 to §5.11).
    public var times: [TimeDescription]
    /// The a= lines before the first media section (§5.13).
    public var attributes: [SDPAttribute]
    /// The media sections (§5.14).
    public var media: [MediaDescription]
    /// Lines that are none of the above, among the attributes.
    public var extraLines: [ExtraLine]
    /// Where the text strayed from the RFCs; empty for what was built here.
    public var deviations: [Deviation]

    /// A description from its parts; the defaults are what JSEP asks for (RFC 9429 §5.2.1).
    public init(
        origin: Origin = Origin(),
        name: String = "-",
        information: String? = nil,
        contact: Contact = Contact(),
        connection: ConnectionInformation? = nil,
        bandwidths: [BandwidthLimit] = [],
        times: [TimeDescription] = [TimeDescription()],
        attributes: [SDPAttribute] = [],
        media: [MediaDescription] = []
    ) {
        version = 0
        self.origin = origin
        self.name = name
        self.information = information
        self.contact = contact
        self.connection = connection
        self.bandwidths = bandwidths
        self.times = times
        self.attributes = attributes
        self.media = media
        extraLines = []
        deviations = []
    }

    /// Reads a description from text.
    public init(
        parsing text: String,
        mode: Mode = .tolerant,
        limits: SDPLimits = SDPLimits()
    ) throws(SDPError) {
        try self.init(parsing: text.utf8Span.span, mode: mode, limits: limits)
    }

    /// Reads a description from bytes that should be UTF-8.
    public init(
        parsing bytes: Span<UInt8>,
        mode: Mode = .tolerant,
        limits: SDPLimits = SDPLimits()
    ) throws(SDPError) {
        var parser = DescriptionParser(mode: mode, limits: limits)
        self = try parser.parse(bytes)
    }
}

extension SDPDescription: SDPSection {}

extension SDPDescription: CustomStringConvertible {
    /// The text of the description, as ``write()`` gives it.
    public var description: String { write() }
}
