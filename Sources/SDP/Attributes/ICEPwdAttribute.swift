/// The ICE password: `a=ice-pwd:<22 to 256 ice-chars>` (RFC 8839 §5.4).
public struct ICEPwdAttribute: SDPTypedAttribute {
    public static let name = "ice-pwd"

    /// The password.
    public var value: String

    /// A password, unchecked.
    public init(_ value: String) { self.value = value }

    public init(parsing value: String) throws(SDPError) {
        self.value = try iceCharacters(value, 22...256, "22 to 256 letters, digits, + or /")
    }
}
