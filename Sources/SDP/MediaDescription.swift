public import Wire

/// One media section of a description: the m= line and what follows it (RFC 8866 §5.14).
///
/// ```swift
/// var audio = MediaDescription(kind: "audio", formats: ["111"])
/// audio.mid = "0"
/// audio.append(RTPMapAttribute(payloadType: 111, encoding: "opus", clockRate: 48_000, channels: 2))
/// audio.isRTCPMux = true
/// ```
public struct MediaDescription: Hashable, Sendable {
    /// What is sent, such as `audio`, `video` or `application`.
    public var kind: String
    /// The port of the first transport; 0 rejects the section, 9 says that ICE decides.
    public var port: UInt16
    /// How many consecutive ports are used; nil when the line does not say.
    public var portCount: Int?
    /// The transport protocol, such as `UDP/TLS/RTP/SAVPF`.
    public var protocolName: String
    /// Payload types, or what else the protocol uses to name formats.
    public var formats: [String]
    /// The i= line.
    public var information: String?
    /// The c= lines; more than one only for layered multicast.
    public var connections: [ConnectionInformation]
    /// The b= lines.
    public var bandwidths: [BandwidthLimit]
    /// The a= lines.
    public var attributes: [SDPAttribute]
    /// Lines that are none of the above, among the attributes.
    public var extraLines: [SDPDescription.ExtraLine]

    /// A section from its parts; the defaults suit WebRTC media.
    public init(
        kind: String,
        port: UInt16 = 9,
        portCount: Int? = nil,
        protocolName: String = "UDP/TLS/RTP/SAVPF",
        formats: [String] = [],
        information: String? = nil,
        connection: ConnectionInformation? = ConnectionInformation(.any4),
        bandwidths: [BandwidthLimit] = [],
        attributes: [SDPAttribute] = []
    ) {
        self.kind = kind
        self.port = port
        self.portCount = portCount
        self.protocolName = protocolName
        self.formats = formats
        self.information = information
        connections = connection.map { [$0] } ?? []
        self.bandwidths = bandwidths
        self.attributes = attributes
        extraLines = []
    }

    /// The first c= line.
    public var connection: ConnectionInformation? {
        get { connections.first }
        set { connections = newValue.map { [$0] } ?? [] }
    }

    /// Whether the section is refused or stopped (RFC 3264 §6).
    public var isRejected: Bool { port == 0 && !isBundleOnly }

    /// The formats that are RTP payload types, in order of preference.
    public var payloadTypes: [UInt8] {
        formats.compactMap { format in
            UInt8(digits: format.utf8).flatMap { $0 < 128 ? $0 : nil }
        }
    }

    /// Whether the protocol carries RTP.
    public var isRTP: Bool {
        // Nearly always, and compared at once.
        protocolName == "UDP/TLS/RTP/SAVPF"
            || protocolName.utf8.split(separator: slash)
                .contains { $0.elementsEqual("RTP".utf8) }
    }
}

extension MediaDescription: SDPSection {}
