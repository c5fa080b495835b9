/// Checks UTF-8 that arrives in pieces (RFC 3629 §4).
///
/// Overlong forms, surrogates and numbers above U+10FFFF are refused at the first byte that makes
/// them certain.
package struct UTF8Validator: Sendable {
    private var missing = 0
    private var allowed: ClosedRange<UInt8> = 0x80...0xBF

    package init() {}

    /// Whether the bytes so far end between two characters.
    package var isComplete: Bool { missing == 0 }

    /// Reads on; false as soon as no continuation could make the text valid.
    package mutating func accept(_ bytes: Span<UInt8>) -> Bool {
        for index in bytes.indices {
            let byte = bytes[index]
            if missing == 0 {
                guard byte >= 0x80 else { continue }
                guard start(byte) else { return false }
            } else {
                guard allowed.contains(byte) else { return false }
                allowed = 0x80...0xBF
                missing -= 1
            }
        }
        return true
    }

    /// RFC 3629 §4: the first byte limits the second.
    private mutating func start(_ byte: UInt8) -> Bool {
        switch byte {
        case 0xC2...0xDF: missing = 1
        case 0xE0:
            missing = 2
            allowed = 0xA0...0xBF
        case 0xED:
            missing = 2
            allowed = 0x80...0x9F
        case 0xE1...0xEF: missing = 2
        case 0xF0:
            missing = 3
            allowed = 0x90...0xBF
        case 0xF4:
            missing = 3
            allowed = 0x80...0x8F
        case 0xF1...0xF3: missing = 3
        default: return false
        }
        return true
    }
}
