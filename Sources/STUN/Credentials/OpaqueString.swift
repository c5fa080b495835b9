/// Why a text is no user name and no password (RFC 8265 §4.2.2).
public enum OpaqueStringError: Error, Hashable, Sendable {
    /// There is no text.
    case empty
    /// The character at this place, counted in bytes of UTF-8, is not allowed.
    case forbiddenCharacter(at: Int)
    /// More bytes than the attribute holds.
    case tooLong
}

extension OpaqueStringError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .empty: "is empty"
        case .forbiddenCharacter(let offset):
            "has a character at byte \(offset) that is not allowed (a control or invisible character?)"
        case .tooLong: "is too long"
        }
    }
}

/// The profile for user names, realms and passwords (RFC 8265 §4.2), on the class FreeformClass
/// (RFC 8264 §4.3).
///
/// Spaces of all kinds become the space of ASCII; controls, invisible, unassigned and private
/// characters are refused. Case and width stay as they are. Not done: bringing the text into
/// normalization form C, which this library has no tables for. Text typed on today's systems is in
/// that form; one that is not is taken as it is, and another key comes of it.
public enum OpaqueString {
    /// `text` as it takes part in keys.
    public static func prepare(_ text: String) throws(OpaqueStringError) -> String {
        guard !text.isEmpty else { throw .empty }
        // Most texts are printable ASCII, which stays.
        if text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) { return text }
        var result = String.UnicodeScalarView()
        var offset = 0
        for scalar in text.unicodeScalars {
            guard let mapped = map(scalar) else { throw .forbiddenCharacter(at: offset) }
            result.append(mapped)
            offset += UTF8.width(scalar)
        }
        return String(result)
    }

    /// What stands for `scalar`; nil if FreeformClass does not have it.
    private static func map(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        let properties = scalar.properties
        switch properties.generalCategory {
        case .spaceSeparator: return " "  // RFC 8265 §4.2.2, 2.
        case .uppercaseLetter, .lowercaseLetter, .modifierLetter, .otherLetter, .titlecaseLetter,
            .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .letterNumber,
            .otherNumber, .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol,
            .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
            .initialPunctuation, .finalPunctuation, .otherPunctuation:
            break
        // RFC 8264 §9.12 (controls), §9.13 (ignorable), §9.10 (unassigned); private use is in no
        // class.
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
            .paragraphSeparator:
            return nil
        @unknown default:
            return nil
        }
        if properties.isDefaultIgnorableCodePoint || isConjoiningJamo(scalar) { return nil }
        return scalar
    }

    /// RFC 8264 §9.9: parts of Hangul syllables that are no syllables yet.
    private static func isConjoiningJamo(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1100...0x11FF, 0xA960...0xA97C, 0xD7B0...0xD7FB: true
        default: false
        }
    }
}
