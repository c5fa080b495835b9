/// One part of a stream that needs a path of its own (RFC 8445 §2).
public struct ICEComponent: Hashable, Comparable, Sendable {
    /// The stream's number, as the owner of the agent counts them.
    public var stream: Int
    /// 1 is RTP and everything that shares its path, 2 is RTCP.
    public var component: UInt8

    /// Component `component` of `stream`.
    public init(stream: Int, component: UInt8 = 1) {
        self.stream = stream
        self.component = component
    }

    public static func < (left: ICEComponent, right: ICEComponent) -> Bool {
        (left.stream, left.component) < (right.stream, right.component)
    }
}
