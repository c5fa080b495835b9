extension Command {
    /// The options of `swiftlet turn`, server first.
    static let turnOptions = [
        OptionEntry(
            name: "--user",
            value: "NAME:PASSWORD",
            help: "who may use the server; this or --rest-secret is required"
        ),
        OptionEntry(
            name: "--rest-secret",
            value: "SECRET",
            help: "the secret that time-limited user names are made with"
        ),
        OptionEntry(
            name: "--realm",
            value: "REALM",
            help: "the realm of the users, swiftlet unless said otherwise"
        ),
        OptionEntry(
            name: "--host",
            value: "ADDRESS",
            help: "where to listen; 127.0.0.1 (this machine only) unless said otherwise"
        ),
        OptionEntry(
            name: "--port",
            value: "NUMBER",
            help: "the port for UDP and TCP, 3478 unless said otherwise; 0 picks a free one"
        ),
        OptionEntry(
            name: "--relay-ip",
            value: "ADDRESS",
            help: "where relays are opened; the address of --host unless said otherwise"
        ),
        OptionEntry(
            name: "--external-ip",
            value: "ADDRESS",
            help: "what the relay address is on the internet, if a NAT is in front of it"
        ),
        OptionEntry(name: "--min-port", value: "NUMBER", help: "the lowest port of a relay, 49152"),
        OptionEntry(
            name: "--max-port",
            value: "NUMBER",
            help: "the highest port of a relay, 65535"
        ),
        OptionEntry(
            name: "--allow-private",
            value: nil,
            help: "relay to private networks, which is forbidden otherwise"
        ),
        OptionEntry(
            name: "--allow-loopback",
            value: nil,
            help: "relay to this machine; so it is anyway while --host is a loopback address"
        ),
        OptionEntry(
            name: "--user-quota",
            value: "NUMBER",
            help: "relays a user may have at a time, 20 unless said otherwise"
        ),
        OptionEntry(
            name: "--bandwidth",
            value: "KILOBITS",
            help: "what a relay may carry a second in each direction; no limit otherwise"
        ),
        OptionEntry(
            name: "--certificate",
            value: "FILE",
            help: "the server's certificates in PEM form, for turns:; needs --key"
        ),
        OptionEntry(
            name: "--key",
            value: "FILE",
            help: "the private key of the certificate, in PEM form"
        ),
        OptionEntry(
            name: "--tls-port",
            value: "NUMBER",
            help: "the port for TLS, 5349 unless said otherwise; 0 picks a free one"
        ),
        OptionEntry(
            name: "--probe",
            value: "URI",
            help: "ask a server instead of being one: turn:host:port?transport=tcp, turns:host"
        ),
        OptionEntry(
            name: "--trust",
            value: "FILE",
            help: "with --probe: certificates that a turns: server may be known by"
        ),
        OptionEntry(
            name: "--seconds",
            value: "NUMBER",
            help: "with --probe: how long to send packets, one a second in each direction"
        ),
        OptionEntry(
            name: "--json",
            value: nil,
            help: "one JSON object a line, for programs"
        ),
    ]
}
