/// Something that has attributes: a whole description or one media section.
public protocol SDPSection {
    /// The a= lines, in order.
    var attributes: [SDPAttribute] { get set }
}

extension SDPSection {
    /// Whether there is an attribute called `name`.
    public func has(_ name: String) -> Bool {
        attributes.contains { $0.name == name }
    }

    /// The value of the first attribute called `name`; nil if there is none or it has no value.
    public func value(of name: String) -> String? {
        attributes.first { $0.name == name }?.value
    }

    /// The values of all attributes called `name`.
    public func values(of name: String) -> [String] {
        attributes.compactMap { $0.name == name ? $0.value : nil }
    }

    /// The first well-formed attribute of a type.
    public func first<Attribute: SDPTypedAttribute>(
        _: Attribute.Type = Attribute.self
    ) -> Attribute? {
        for attribute in attributes where attribute.name == Attribute.name {
            if let typed = Attribute(attribute) { return typed }
        }
        return nil
    }

    /// All well-formed attributes of a type, in order.
    public func all<Attribute: SDPTypedAttribute>(
        _: Attribute.Type = Attribute.self
    ) -> [Attribute] {
        attributes.compactMap { $0.name == Attribute.name ? Attribute($0) : nil }
    }

    /// Adds an attribute behind the others.
    public mutating func append(_ attribute: some SDPTypedAttribute) {
        attributes.append(attribute.attribute)
    }

    /// Adds an attribute behind the others.
    public mutating func append(_ name: String, _ value: String? = nil) {
        attributes.append(SDPAttribute(name, value))
    }

    /// Adds several attributes of one type behind the others.
    public mutating func append(contentsOf added: some Sequence<some SDPTypedAttribute>) {
        attributes.append(contentsOf: added.lazy.map(\.attribute))
    }

    /// Removes all attributes called `name`.
    public mutating func removeAll(_ name: String) {
        attributes.removeAll { $0.name == name }
    }

    /// Replaces all attributes called `name` by one, in the place of the first; nil removes them.
    public mutating func set(_ name: String, to value: String?) {
        replaceAll(name, with: value.map { [SDPAttribute(name, $0)] } ?? [])
    }

    /// Replaces all attributes of a type by one, in the place of the first; nil removes them.
    public mutating func set<Attribute: SDPTypedAttribute>(_ attribute: Attribute?) {
        replaceAll(Attribute.name, with: attribute.map { [$0.attribute] } ?? [])
    }

    /// Replaces all attributes of a type, in the place of the first of them.
    public mutating func replaceAll<Attribute: SDPTypedAttribute>(with replacements: [Attribute]) {
        replaceAll(Attribute.name, with: replacements.map(\.attribute))
    }

    /// Adds or removes an attribute that has no value.
    public mutating func setFlag(_ name: String, to isSet: Bool) {
        guard isSet != has(name) else { return }
        if isSet { append(name) } else { removeAll(name) }
    }

    private mutating func replaceAll(_ name: String, with replacements: [SDPAttribute]) {
        let place = attributes.firstIndex { $0.name == name } ?? attributes.endIndex
        removeAll(name)
        attributes.insert(contentsOf: replacements, at: place)
    }
}
