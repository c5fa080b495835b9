/// One a= line: a name, and a value behind a colon or none (RFC 8866 §5.13).
public struct SDPAttribute: Hashable, Sendable {
    /// What stands before the colon; upper and lower case differ.
    public var name: String
    /// What stands behind the colon; nil for a property such as `rtcp-mux`.
    public var value: String?

    /// An attribute from its parts.
    public init(_ name: String, _ value: String? = nil) {
        self.name = name
        self.value = value
    }
}

extension SDPAttribute: CustomStringConvertible {
    /// The attribute without `a=`.
    public var description: String { value.map { "\(name):\($0)" } ?? name }
}

/// An attribute whose value has a structure of its own: one type reads and writes it.
///
/// ```swift
/// let map = try RTPMapAttribute(parsing: "111 opus/48000/2")
/// media.append(map)
/// media.all(RTPMapAttribute.self)
/// ```
public protocol SDPTypedAttribute: Hashable, Sendable {
    /// What stands before the colon.
    static var name: String { get }

    /// Reads what stands behind the colon.
    init(parsing value: String) throws(SDPError)

    /// What stands behind the colon.
    var value: String { get }
}

extension SDPTypedAttribute {
    /// Reads an attribute; nil if it has another name or its value is malformed.
    public init?(_ attribute: SDPAttribute) {
        guard attribute.name == Self.name, let value = attribute.value else { return nil }
        do throws(SDPError) {
            try self.init(parsing: value)
        } catch {
            return nil
        }
    }

    /// The attribute as name and value.
    public var attribute: SDPAttribute { SDPAttribute(Self.name, value) }
}
