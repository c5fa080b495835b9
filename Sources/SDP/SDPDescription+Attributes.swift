// Names for what only the session can say.
extension SDPDescription {
    /// Media sections that belong together (RFC 5888 §5).
    public var groups: [GroupAttribute] {
        get { all() }
        set { replaceAll(with: newValue) }
    }

    /// The mids of the first BUNDLE group (RFC 9143 §5); nil when there is none.
    public var bundledMIDs: [String]? {
        groups.first { $0.semantics == GroupAttribute.bundle }?.mids
    }

    /// Whether the sender is an ICE lite implementation (RFC 8839 §5.3).
    public var isICELite: Bool {
        get { has("ice-lite") }
        set { setFlag("ice-lite", to: newValue) }
    }

    /// The pacing of ICE checks that the sender asks for (RFC 8839 §5.5).
    public var icePacing: Duration? {
        get { first(ICEPacingAttribute.self)?.interval }
        set { set(newValue.map { ICEPacingAttribute($0) }) }
    }

    /// The first media section whose mid is `mid`.
    public func media(withMID mid: String) -> MediaDescription? {
        media.first { $0.mid == mid }
    }

    /// The streams, as old browsers name them.
    public var msidSemantic: MSIDSemanticAttribute? {
        get { first() }
        set { set(newValue) }
    }

    /// Who the sender says to be (RFC 8827 §5).
    public var identity: IdentityAttribute? {
        get { first() }
        set { set(newValue) }
    }
}
