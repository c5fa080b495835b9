// What a media section says itself, or else what the session says for it.
extension SDPDescription {
    /// The fingerprints that hold for a section (RFC 8122 §5).
    public func fingerprints(for media: MediaDescription) -> [FingerprintAttribute] {
        let own = media.fingerprints
        return own.isEmpty ? fingerprints : own
    }

    /// The DTLS role that holds for a section (RFC 4145 §4).
    public func setup(for media: MediaDescription) -> SetupRole? { media.setup ?? setup }

    /// The ICE user name fragment that holds for a section (RFC 8839 §5.4).
    public func iceUfrag(for media: MediaDescription) -> String? { media.iceUfrag ?? iceUfrag }

    /// The ICE password that holds for a section (RFC 8839 §5.4).
    public func icePwd(for media: MediaDescription) -> String? { media.icePwd ?? icePwd }

    /// The ICE options that hold for a section: its own and those of the session (RFC 8839 §5.6).
    public func iceOptions(for media: MediaDescription) -> [String] {
        let shared = iceOptions
        let known = Set(shared)
        return shared + media.iceOptions.filter { !known.contains($0) }
    }

    /// The direction that holds for a section (RFC 8866 §6.7).
    public func direction(for media: MediaDescription) -> MediaDirection {
        media.statedDirection ?? statedDirection ?? .sendReceive
    }

    /// The connection address that holds for a section (RFC 8866 §5.7).
    public func connection(for media: MediaDescription) -> ConnectionInformation? {
        media.connection ?? connection
    }

    /// The header extensions that hold for a section: its own and those of the session (RFC 8285 §5).
    public func extensionMaps(for media: MediaDescription) -> [ExtensionMapAttribute] {
        let own = media.extensionMaps
        let taken = Set(own.map(\.id))
        return own + extensionMaps.filter { !taken.contains($0.id) }
    }

    /// Whether one-byte and two-byte header extensions may be mixed in a section (RFC 8285 §6).
    public func isExtmapAllowMixed(for media: MediaDescription) -> Bool {
        media.isExtmapAllowMixed || isExtmapAllowMixed
    }
}
