import SDP
import Testing

@Suite("setup, RFC 4145 §4")
struct SetupRoleTests {
    @Test(arguments: SetupRole.allCases)
    func roundTrip(role: SetupRole) throws {
        try expectRoundTrip(role.rawValue, role)
        #expect(try SetupRole(parsing: role.rawValue.uppercased()) == role)
    }

    @Test(arguments: [
        Malformed("", at: 1, "active, passive, actpass or holdconn"),
        Malformed("both", at: 1, "active, passive, actpass or holdconn"),
        Malformed("active passive", at: 8, "nothing more"),
    ])
    func malformed(_ malformed: Malformed) {
        expectRefusal(SetupRole.self, malformed)
    }
}
