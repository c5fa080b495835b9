/// Three bytes that say what an H.264 decoder can do: `profile-level-id` (RFC 6184 §8.1).
public struct H264ProfileLevel: Hashable, Sendable {
    /// The profile's number.
    public var profileIndication: UInt8
    /// Constraint flags, the first of them highest.
    public var constraints: UInt8
    /// Ten times the level.
    public var levelIndication: UInt8

    /// Bytes as they stand in a sequence parameter set.
    public init(profileIndication: UInt8, constraints: UInt8, levelIndication: UInt8) {
        self.profileIndication = profileIndication
        self.constraints = constraints
        self.levelIndication = levelIndication
    }

    /// Reads six hexadecimal digits; nil when it is anything else.
    public init?(_ text: String) {
        guard text.utf8.count == 6 else { return nil }
        var number: UInt32 = 0
        for character in text.utf8 {
            guard let digit = hexDigitValue(character) else { return nil }
            number = number << 4 | UInt32(digit)
        }
        profileIndication = UInt8(truncatingIfNeeded: number >> 16)
        constraints = UInt8(truncatingIfNeeded: number >> 8)
        levelIndication = UInt8(truncatingIfNeeded: number)
    }

    /// What holds when nothing is said (RFC 6184 §8.1): Baseline, level 1.
    public static let inferred = H264ProfileLevel(
        profileIndication: 0x42,
        constraints: 0,
        levelIndication: 10
    )

    /// Six hexadecimal digits in lower case.
    public var text: String {
        var text = ""
        for byte in [profileIndication, constraints, levelIndication] {
            if byte < 16 { text += "0" }
            text += String(byte, radix: 16)
        }
        return text
    }
}

extension H264ProfileLevel {
    /// The tools that a stream may use.
    public enum Profile: Hashable, Sendable, CaseIterable {
        case constrainedBaseline, baseline, main, extended, constrainedHigh, high
        case high10, high422, high444Predictive
        case high10Intra, high422Intra, high444Intra, cavlc444Intra
    }

    /// The profile; nil for bytes that RFC 6184 does not list.
    public var profile: Profile? {
        patterns.first { pattern in
            pattern.indication == profileIndication && constraints & pattern.mask == pattern.bits
        }?.profile
    }

    /// Whether both name one profile, whichever of its byte patterns they use.
    public func isSameProfile(as other: H264ProfileLevel) -> Bool {
        if let profile { return profile == other.profile }
        return profileIndication == other.profileIndication && constraints == other.constraints
    }

    /// Whether the level is below that of another.
    public func isLowerLevel(than other: H264ProfileLevel) -> Bool {
        levelOrder < other.levelOrder
    }

    /// Whether the level is 1b, between 1 and 1.1, which has two ways to be written.
    public var isLevel1b: Bool {
        switch profileIndication {
        // H.264 §A.3.1: constraint_set3_flag says so in the oldest profiles.
        case 0x42, 0x4D, 0x58: levelIndication == 11 && constraints & 0x10 != 0
        default: levelIndication == 9
        }
    }

    /// The same profile with the level of another.
    func withLevel(of other: H264ProfileLevel) -> H264ProfileLevel {
        var result = self
        let isOld = [0x42, 0x4D, 0x58].contains(profileIndication)
        if isOld { result.constraints &= ~0x10 }
        if other.isLevel1b {
            result.levelIndication = isOld ? 11 : 9
            if isOld { result.constraints |= 0x10 }
        } else {
            result.levelIndication = other.levelIndication
        }
        return result
    }

    private var levelOrder: Int { isLevel1b ? 21 : 2 * Int(levelIndication) }
}

/// One way to write a profile.
private struct Pattern {
    var profile: H264ProfileLevel.Profile
    var indication: UInt8
    var mask: UInt8
    var bits: UInt8

    init(_ profile: H264ProfileLevel.Profile, _ indication: UInt8, _ mask: UInt8, _ bits: UInt8) {
        self.profile = profile
        self.indication = indication
        self.mask = mask
        self.bits = bits
    }
}

/// RFC 6184 §8.1, table 5: what is `x` there is a zero of the mask.
///
/// Constraint flag 3 says in the oldest profiles whether a level is 1b: no part of the profile.
private let patterns: [Pattern] = [
    Pattern(.constrainedBaseline, 0x42, 0x4F, 0x40),
    Pattern(.constrainedBaseline, 0x4D, 0x8F, 0x80),
    Pattern(.constrainedBaseline, 0x58, 0xCF, 0xC0),
    Pattern(.baseline, 0x42, 0x4F, 0x00),
    Pattern(.baseline, 0x58, 0xCF, 0x80),
    Pattern(.main, 0x4D, 0xAF, 0x00),
    Pattern(.extended, 0x58, 0xCF, 0x00),
    Pattern(.high, 0x64, 0xFF, 0x00),
    // H.264 §A.2.4.2: both flags 4 and 5.
    Pattern(.constrainedHigh, 0x64, 0xFF, 0x0C),
    Pattern(.high10, 0x6E, 0xFF, 0x00),
    Pattern(.high422, 0x7A, 0xFF, 0x00),
    Pattern(.high444Predictive, 0xF4, 0xFF, 0x00),
    Pattern(.high10Intra, 0x6E, 0xFF, 0x10),
    Pattern(.high422Intra, 0x7A, 0xFF, 0x10),
    Pattern(.high444Intra, 0xF4, 0xFF, 0x10),
    Pattern(.cavlc444Intra, 0x2C, 0xFF, 0x10),
]
