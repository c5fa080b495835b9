import DTLS
import Digests
import Testing
import Wire

@Suite("Certificates and fingerprints, RFC 8122 §5")
struct CertificateTests {
    @Test func saysItsDatesAndNothingElse() throws {
        let certificate = try Certificate.selfSigned(validFrom: someDay, days: 30)
        let text = String(decoding: certificate.der, as: Unicode.ASCII.self)
        #expect(text.contains("260101000000Z"))
        #expect(text.contains("260131000000Z"))
        #expect(certificate.der.count < 400)
    }

    @Test func noTwoAreAlike() throws {
        let certificates = try (0..<4).map { _ in try Certificate.selfSigned(validFrom: someDay) }
        #expect(Set(certificates.map(\.fingerprint)).count == 4)
    }

    @Test(arguments: [Int64.min, .max])
    func impossibleDatesAreRefused(validFrom: Int64) {
        #expect(throws: DTLSError.self) { try Certificate.selfSigned(validFrom: validFrom) }
    }

    @Test func aFingerprintIsTheHashOfTheCertificate() throws {
        let certificate = try Certificate.selfSigned(validFrom: someDay)
        let fingerprint = certificate.fingerprint
        #expect(fingerprint == certificate.fingerprint(by: .sha256))
        #expect(fingerprint.function == "sha-256")
        #expect(fingerprint.text.utf8.count == 32 * 3 - 1)
        let lower = CertificateFingerprint(function: "SHA-256", text: fingerprint.text.lowercased())
        #expect(lower == fingerprint)
    }

    @Test func textIsUpperCaseWithColons() {
        let fingerprint = CertificateFingerprint(function: "sha-3", text: "0a:bC:FF")
        #expect(fingerprint?.bytes == [0x0A, 0xBC, 0xFF])
        #expect(fingerprint?.text == "0A:BC:FF")
    }

    @Test(arguments: ["", ":", "AB:", "AB:C", "ABC:D", "AB CD", "GG:00", "AB::CD", "AB: C", "ABCD"])
    func malformedTextIsRefused(text: String) {
        #expect(CertificateFingerprint(function: "sha-3", text: text) == nil)
    }

    @Test func aKnownFunctionHasItsLength() {
        #expect(CertificateFingerprint(function: "sha-256", text: "AB:CD") == nil)
    }
}
