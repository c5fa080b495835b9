extension Command {
    /// How `swiftlet call` and `swiftlet answer` find each other's machines.
    static let networkOptions = [
        OptionEntry(
            name: "--stun",
            value: "SERVER",
            help: "a STUN server that tells our outside address: stun.example.org; may be repeated",
            isList: true
        ),
        OptionEntry(
            name: "--turn",
            value: "SERVER",
            help: "a TURN server, for where no direct way leads: turn:turn.example.org, "
                + "turns:turn.example.org?transport=tcp; may be repeated",
            isList: true
        ),
        OptionEntry(
            name: "--turn-user",
            value: "NAME:PASSWORD",
            help: "who we are to the TURN servers, such as alice:secret"
        ),
        OptionEntry(
            name: "--relay-only",
            value: nil,
            help: "use nothing but relays: the other side learns no address of ours"
        ),
        OptionEntry(
            name: "--interface",
            value: "NAME",
            help: "use only this interface, such as eth0 or wlan*; may be repeated",
            isList: true
        ),
        OptionEntry(
            name: "--hide-addresses",
            value: nil,
            help: "tell our addresses as names that only the local network can resolve (mDNS)"
        ),
        OptionEntry(
            name: "--ice-lite",
            value: nil,
            help: "only answer checks, on a machine that everybody can reach"
        ),
    ]
}
