// Names for what both the session and a media section can say.
extension SDPSection {
    /// The direction that is written here; nil when none is.
    public var statedDirection: MediaDirection? {
        get { attributes.lazy.compactMap { MediaDirection($0) }.first }
        set {
            let place = attributes.firstIndex { MediaDirection($0) != nil }
            attributes.removeAll { MediaDirection($0) != nil }
            guard let newValue else { return }
            attributes.insert(newValue.attribute, at: place ?? attributes.endIndex)
        }
    }

    /// Hashes of the certificates that may be used (RFC 8122 §5).
    public var fingerprints: [FingerprintAttribute] {
        get { all() }
        set { replaceAll(with: newValue) }
    }

    /// Who opens the DTLS connection (RFC 4145 §4, RFC 8842 §5.3).
    public var setup: SetupRole? {
        get { first() }
        set { set(newValue) }
    }

    /// The ICE user name fragment (RFC 8839 §5.4), unchecked.
    public var iceUfrag: String? {
        get { value(of: ICEUfragAttribute.name) }
        set { set(ICEUfragAttribute.name, to: newValue) }
    }

    /// The ICE password (RFC 8839 §5.4), unchecked.
    public var icePwd: String? {
        get { value(of: ICEPwdAttribute.name) }
        set { set(ICEPwdAttribute.name, to: newValue) }
    }

    /// ICE options such as `trickle` and `ice2` (RFC 8839 §5.6); empty when none are stated.
    public var iceOptions: [String] {
        get { first(ICEOptionsAttribute.self)?.options ?? [] }
        set { set(newValue.isEmpty ? nil : ICEOptionsAttribute(newValue)) }
    }

    /// Header extensions and their ids (RFC 8285 §5).
    public var extensionMaps: [ExtensionMapAttribute] {
        get { all() }
        set { replaceAll(with: newValue) }
    }

    /// Whether one-byte and two-byte header extensions may be mixed (RFC 8285 §6).
    public var isExtmapAllowMixed: Bool {
        get { has("extmap-allow-mixed") }
        set { setFlag("extmap-allow-mixed", to: newValue) }
    }

    /// Whether header extensions and CSRCs may be encrypted (RFC 9335 §4).
    public var isCryptex: Bool {
        get { has(.cryptex) }
        set { set(.cryptex, to: newValue) }
    }

    /// The name of the DTLS association (RFC 8842 §4), unchecked.
    public var tlsID: String? {
        get { value(of: TLSIDAttribute.name) }
        set { set(TLSIDAttribute.name, to: newValue) }
    }

    /// RTCP extended reports that are wanted (RFC 3611 §5.1).
    public var rtcpExtendedReports: RTCPExtendedReportsAttribute? {
        get { first() }
        set { set(newValue) }
    }
}
