import SDP

/// The profile and level a format of H.264 names, and whether each side may have its own level.
///
/// The profile is used by both sides alike; the level is what a side can take, or, without
/// `level-asymmetry-allowed` on both sides, the highest that either of them sends (RFC 6184 §8.2.2).
struct H264Level: Hashable, Sendable {
    /// The first four digits of profile-level-id: profile_idc and the constraints.
    private var profile: UInt16
    private var level: Rank
    private var allowsAsymmetry: Bool

    /// Levels in order; 1b lies between 1 and 1.1.
    fileprivate enum Rank: Hashable, Comparable, Sendable {
        case below(UInt8)
        case oneB
        case fromOneOne(UInt8)
    }

    /// What a format without profile-level-id is taken for: constrained baseline at level 3.1.
    ///
    /// RFC 7742 §6.2 has WebRTC always say it, so only programs leave it out that were tried against
    /// browsers, which take it so. RFC 6184 §8.1 would infer baseline at level 1: pictures of 176 × 144
    /// that nobody means, in a profile that tables often lack. Every baseline decoder takes this one.
    static let assumed = "42e01f"

    /// Nil if profile-level-id is malformed.
    init?(_ parameters: [FormatParametersAttribute.Parameter]) {
        func value(_ name: String) -> String? {
            parameters.first { $0.name.lowercased() == name }?.value
        }
        let text = value("profile-level-id") ?? H264Level.assumed
        guard text.utf8.count == 6, let bits = UInt32(text, radix: 16) else { return nil }
        profile = UInt16(truncatingIfNeeded: bits >> 8)
        allowsAsymmetry = value("level-asymmetry-allowed") == "1"
        let number = UInt8(truncatingIfNeeded: bits)
        let isOld = H264Level.hasOldLevels(profile)
        let isOneB = isOld ? number == 11 && profile & constraint3 != 0 : number == 9
        level = isOneB ? .oneB : Rank(number)
    }

    /// The parameters of an answer to this offer of a side that can do `ours`.
    func answered(
        by ours: [FormatParametersAttribute.Parameter]
    ) -> [FormatParametersAttribute.Parameter] {
        guard let own = H264Level(ours) else { return ours }
        var agreed = self
        agreed.allowsAsymmetry = allowsAsymmetry && own.allowsAsymmetry
        agreed.level = agreed.allowsAsymmetry ? own.level : min(level, own.level)
        return ours.compactMap { parameter in
            switch parameter.name.lowercased() {
            case "profile-level-id": .init(parameter.name, agreed.text)
            case "level-asymmetry-allowed": agreed.allowsAsymmetry ? parameter : nil
            default: parameter
            }
        }
    }

    /// The six digits of profile-level-id.
    private var text: String {
        var profile = profile
        let number: UInt8
        let isOld = H264Level.hasOldLevels(profile)
        if isOld { profile &= ~constraint3 }
        switch level {
        case .below(let value), .fromOneOne(let value): number = value
        // RFC 6184 §8.1: constraint_set3 tells 1b from 1.1 in the profiles that are older than it.
        case .oneB where isOld: (profile, number) = (profile | constraint3, 11)
        case .oneB: number = 9
        }
        let digits = String(UInt32(profile) << 8 | UInt32(number), radix: 16)
        return String(repeating: "0", count: max(0, 6 - digits.utf8.count)) + digits
    }

    /// Whether level 1b is written as 1.1 with a constraint: baseline, main and extended.
    private static func hasOldLevels(_ profile: UInt16) -> Bool {
        [0x42, 0x4D, 0x58].contains(profile >> 8)
    }
}

extension H264Level.Rank {
    fileprivate init(_ number: UInt8) { self = number < 11 ? .below(number) : .fromOneOne(number) }
}

/// constraint_set3_flag among the bits of profile_iop.
private let constraint3: UInt16 = 0x10
