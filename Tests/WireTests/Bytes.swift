import Testing
import Wire

/// The bytes that `hex` spells; a typing error in a test is a failed test, not an empty array.
func bytes(_ hex: StaticString, _ location: SourceLocation = #_sourceLocation) -> [UInt8] {
    guard let decoded = Hex.decode(hex.description) else {
        Issue.record("\(hex) is no hexadecimal text", sourceLocation: location)
        return []
    }
    return decoded
}

/// The address that `bytes` are; `#require` cannot look at a span itself.
func address(of bytes: [UInt8]) -> IPAddress? { IPAddress(bytes: bytes.span) }
