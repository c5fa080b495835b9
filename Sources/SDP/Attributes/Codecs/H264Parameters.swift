/// What the parameters of an H.264 format say (RFC 6184 §8.1).
public struct H264Parameters: SDPCodecParameters {
    public static let encoding = "H264"

    /// The profile and the highest level; nil when not said, which means Baseline, level 1.
    public var profileLevel: H264ProfileLevel?
    /// How pictures are cut into packets, 0 to 2; nil when not said, which means 0.
    public var packetizationMode: UInt8?
    /// Whether the two directions may differ in level; nil when not said, which means no.
    public var allowsLevelAsymmetry: Bool?
    /// Parameters this type does not know, such as `max-fs` and `sprop-parameter-sets`.
    public var others: [FormatParametersAttribute.Parameter] = []

    /// The defaults.
    public init() {}

    /// A format as WebRTC wants it (RFC 7742 §6.2).
    public init(profileLevel: H264ProfileLevel, packetizationMode: UInt8) {
        self.profileLevel = profileLevel
        self.packetizationMode = packetizationMode
        allowsLevelAsymmetry = true
    }

    public init(_ attribute: FormatParametersAttribute) throws(SDPError) {
        for place in attribute.placed {
            switch place.name {
            case "profile-level-id":
                let text = place.parameter.value ?? ""
                guard let profileLevel = H264ProfileLevel(text) else {
                    throw place.failure("six hexadecimal digits")
                }
                self.profileLevel = profileLevel
            case "packetization-mode":
                packetizationMode = try place.number(in: 0...2, "a mode from 0 to 2")
            case "level-asymmetry-allowed": allowsLevelAsymmetry = try place.flag()
            default: others.append(place.parameter)
            }
        }
    }

    public var parameters: [FormatParametersAttribute.Parameter] {
        var list: [FormatParametersAttribute.Parameter] = []
        list.append("level-asymmetry-allowed", allowsLevelAsymmetry.map { $0 ? 1 : 0 })
        list.append("packetization-mode", packetizationMode)
        if let profileLevel { list.append(.init("profile-level-id", profileLevel.text)) }
        return list + others
    }

    /// RFC 6184 §8.2.2: profile and packetization mode must be the same in both directions.
    public func isSameFormat(as other: H264Parameters) -> Bool {
        (packetizationMode ?? 0) == (other.packetizationMode ?? 0)
            && (profileLevel ?? .inferred).isSameProfile(as: other.profileLevel ?? .inferred)
    }

    /// What an answer says where the offer said `offer` (RFC 6184 §8.2.2): the offer's profile, the
    /// own level where levels may differ, the lower one where not; nil for different formats.
    public func answering(_ offer: H264Parameters) -> H264Parameters? {
        guard isSameFormat(as: offer) else { return nil }
        var answer = self
        let isAsymmetric = (allowsLevelAsymmetry ?? false) && (offer.allowsLevelAsymmetry ?? false)
        answer.allowsLevelAsymmetry =
            isAsymmetric ? true : offer.allowsLevelAsymmetry.map { _ in false }
        let own = profileLevel ?? .inferred
        let theirs = offer.profileLevel ?? .inferred
        let level = isAsymmetric || own.isLowerLevel(than: theirs) ? own : theirs
        let needsText = profileLevel != nil || offer.profileLevel != nil
        answer.profileLevel = needsText ? theirs.withLevel(of: level) : nil
        return answer
    }
}
