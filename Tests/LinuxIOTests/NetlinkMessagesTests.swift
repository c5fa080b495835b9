import LinuxIO
import Testing
import Wire

/// Netlink messages as the kernel of this machine would write them.
private enum Kernel {
    static func native<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
        // The bytes are copied before the value goes away.
        unsafe withUnsafeBytes(of: value) { unsafe [UInt8]($0) }
    }

    static func message(_ type: UInt16, sequence: UInt32 = 0, _ body: [UInt8]) -> [UInt8] {
        let padding = [UInt8](repeating: 0, count: -body.count & 3)
        return native(UInt32(16 + body.count)) + native(type) + native(UInt16(0))
            + native(sequence) + native(UInt32(0)) + body + padding
    }

    static func attribute(_ type: UInt16, _ value: [UInt8]) -> [UInt8] {
        native(UInt16(4 + value.count)) + native(type) + value
            + [UInt8](repeating: 0, count: -value.count & 3)
    }

    static func link(
        _ index: UInt32,
        _ name: String,
        flags: UInt32,
        family: UInt8 = 0,
        type: UInt16 = 16
    ) -> [UInt8] {
        message(
            type,
            [family, 0, 0, 0] + native(index) + native(flags) + native(UInt32(0))
                + attribute(99, [1, 2, 3]) + attribute(3, Array(name.utf8) + [0])
        )
    }

    static func address(
        _ index: UInt32,
        _ text: String,
        flags: UInt8 = 0,
        type: UInt16 = 20,
        more: [UInt8] = []
    ) -> [UInt8] {
        let bytes = IPAddress(text)?.bytes ?? []
        return message(
            type,
            [bytes.count == 4 ? 2 : 10, 24, flags, 0] + native(index) + attribute(1, bytes) + more
        )
    }
}

@Suite("What the kernel says about interfaces (rtnetlink)")
struct NetlinkMessagesTests {
    private func parse(_ bytes: [UInt8]) -> [NetlinkUpdate] { NetlinkUpdate.parse(bytes.span) }

    private func address(_ text: String) throws -> IPAddress { try #require(IPAddress(text)) }

    @Test func linksAndAddressesAreRead() throws {
        let bytes =
            Kernel.link(2, "eth0", flags: 0x1 | 0x40) + Kernel.link(3, "tun0", flags: 0x1 | 0x10)
            + Kernel.address(2, "192.0.2.1") + Kernel.address(2, "fe80::1")
        #expect(
            parse(bytes) == [
                .link(
                    NetlinkLink(
                        index: 2,
                        name: "eth0",
                        isUp: true,
                        isLoopback: false,
                        isPointToPoint: false
                    )
                ),
                .link(
                    NetlinkLink(
                        index: 3,
                        name: "tun0",
                        isUp: false,
                        isLoopback: false,
                        isPointToPoint: true
                    )
                ),
                .address(
                    NetlinkAddress(
                        index: 2,
                        address: try address("192.0.2.1"),
                        prefixLength: 24,
                        isUsable: true
                    )
                ),
                .address(
                    NetlinkAddress(
                        index: 2,
                        address: try address("fe80::1").scoped(to: 2),
                        prefixLength: 24,
                        isUsable: true
                    )
                ),
            ]
        )
    }

    @Test func theOtherEndsAddressIsNotOurs() throws {
        let own = Kernel.attribute(2, try address("192.0.2.1").bytes)
        guard case .address(let found)? = parse(Kernel.address(2, "192.0.2.2", more: own)).first
        else {
            Issue.record("no address")
            return
        }
        #expect(found.address == (try address("192.0.2.1")))
    }

    @Test func anAddressIsUsableWhenNobodyElseHasIt() throws {
        func isUsable(_ bytes: [UInt8]) -> Bool? {
            guard case .address(let found)? = parse(bytes).first else { return nil }
            return found.isUsable
        }
        #expect(isUsable(Kernel.address(2, "2001:db8::1", flags: 0x40)) == false)
        #expect(isUsable(Kernel.address(2, "2001:db8::1", flags: 0x44)) == true)
        #expect(isUsable(Kernel.address(2, "2001:db8::1", flags: 0x08)) == false)
        // Flags of 32 bits count more than those of eight.
        let all = Kernel.attribute(8, Kernel.native(UInt32(0x280)))
        #expect(isUsable(Kernel.address(2, "2001:db8::1", flags: 0x40, more: all)) == true)
    }

    @Test func goneIsGoneButNotForABridge() throws {
        #expect(parse(Kernel.link(2, "eth0", flags: 0, type: 17)) == [.linkGone(2)])
        #expect(parse(Kernel.link(2, "eth0", flags: 0, family: 7, type: 17)).isEmpty)
        #expect(
            parse(Kernel.address(2, "192.0.2.1", type: 21))
                == [.addressGone(try address("192.0.2.1"), on: 2)]
        )
    }

    @Test func endsAndErrorsAreRead() {
        #expect(parse(Kernel.message(3, sequence: 9, [0, 0, 0, 0])) == [.done(sequence: 9)])
        #expect(
            parse(Kernel.message(2, sequence: 9, Kernel.native(Int32(-16))))
                == [.refused(sequence: 9, code: 16)]
        )
        #expect(parse(Kernel.message(2, Kernel.native(Int32(0)))).isEmpty)
        #expect(
            parse(Kernel.message(2, sequence: 1, Kernel.native(Int32.min)))
                == [.refused(sequence: 1, code: .max)]
        )
        #expect(parse(Kernel.message(4, [])) == [.overrun])
        #expect(parse(Kernel.message(1, []) + Kernel.message(77, [1, 2])).isEmpty)
    }

    @Test func noBytesTrapAndWhatIsCutOffIsLeftOut() {
        let whole =
            Kernel.link(2, "eth0", flags: 0x41) + Kernel.address(2, "192.0.2.1")
            + Kernel.address(2, "2001:db8::1", type: 21)
        for length in 0..<whole.count {
            #expect(parse([UInt8](whole.prefix(length))).count <= 2)
        }
        var entropy = SplitMix64(seed: 3)
        for _ in 0..<5_000 {
            var damaged = whole
            for _ in 0..<4 {
                damaged[Int(entropy.next() % UInt64(damaged.count))] = UInt8(
                    truncatingIfNeeded: entropy.next()
                )
            }
            #expect(parse(damaged).count <= whole.count / 16)
        }
    }

    @Test func theTableKnowsWhatCanBeUsed() throws {
        var table = InterfaceTable()
        for update in parse(
            Kernel.link(2, "eth0", flags: 0x41) + Kernel.address(2, "192.0.2.1")
                + Kernel.address(2, "2001:db8::1", flags: 0x40) + Kernel.link(1, "lo", flags: 0x49)
        ) {
            table.apply(update)
        }
        #expect(table.interfaces.map(\.name) == ["lo", "eth0"])
        let first = InterfaceAddress(try address("192.0.2.1"), interface: "eth0", index: 2)
        #expect(table.interfaces.usableAddresses == [first])
        for update in parse(Kernel.address(2, "2001:db8::1")) { table.apply(update) }
        #expect(table.interfaces.usableAddresses.count == 2)
        for update in parse(Kernel.link(2, "eth0", flags: 0x1)) { table.apply(update) }
        #expect(table.interfaces.usableAddresses.isEmpty)
        for update in parse(
            Kernel.link(2, "eth1", flags: 0x41) + Kernel.address(2, "192.0.2.1", type: 21)
        ) { table.apply(update) }
        #expect(table.interfaces.usableAddresses.map(\.interface) == ["eth1"])
        for update in parse(Kernel.link(2, "eth1", flags: 0, type: 17)) { table.apply(update) }
        #expect(table.interfaces.map(\.name) == ["lo"])
    }
}
