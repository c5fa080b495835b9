public import STUN

/// RFC 8656 §17.
extension STUNMethod {
    /// Asks for a relayed address.
    public static let allocate = STUNMethod(rawValue: 3)
    /// Keeps an allocation, or ends it.
    public static let refresh = STUNMethod(rawValue: 4)
    /// Carries a packet from a client to a peer.
    public static let send = STUNMethod(rawValue: 6)
    /// Carries a packet from a peer to a client.
    public static let data = STUNMethod(rawValue: 7)
    /// Lets packets of a peer pass.
    public static let createPermission = STUNMethod(rawValue: 8)
    /// Ties a channel number to a peer.
    public static let channelBind = STUNMethod(rawValue: 9)
}
