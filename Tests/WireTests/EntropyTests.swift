import Testing
import Wire

@Suite("Random bits")
struct EntropyTests {
    /// The numbers of the generator's reference implementation for this seed.
    @Test("SplitMix64 gives the reference sequence")
    func reference() {
        var generator = SplitMix64(seed: 1_234_567)
        let expected: [UInt64] = [
            6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
            4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
        ]
        #expect(expected.map { _ in generator.next() } == expected)
    }

    @Test("the same seed gives the same numbers, another seed others")
    func seeds() {
        var (first, again, other) = (Entropy.seed(1), Entropy.seed(1), Entropy.seed(2))
        let numbers = (0..<100).map { _ in first.next() }
        #expect((0..<100).map { _ in again.next() } == numbers)
        #expect((0..<100).map { _ in other.next() } != numbers)
        #expect(Set(numbers).count == 100)
    }

    @Test("bytes are taken from the numbers, lowest first", arguments: 0...17)
    func bytes(count: Int) {
        var (entropy, numbers) = (Entropy.seed(3), Entropy.seed(3))
        let words = [numbers.next(), numbers.next(), numbers.next()]
        let expected = words.flatMap { word in (0..<8).map { UInt8(word >> ($0 * 8) & 0xFF) } }
        #expect(entropy.bytes(count) == [UInt8](expected.prefix(count)))
    }

    @Test("a child has numbers of its own, and the same ones in every run")
    func split() {
        var (parent, twin) = (Entropy.seed(4), Entropy.seed(4))
        var (child, sibling) = (parent.split(), parent.split())
        var copy = twin.split()
        let numbers = (0..<10).map { _ in child.next() }
        #expect((0..<10).map { _ in copy.next() } == numbers)
        #expect((0..<10).map { _ in sibling.next() } != numbers)
        #expect((0..<10).map { _ in parent.next() } != numbers)
    }

    @Test("the system's bits differ each time, in children too")
    func system() {
        var entropy = Entropy.system
        #expect(entropy.bytes(32) != entropy.bytes(32))
        var child = entropy.split()
        guard case .system = child else {
            Issue.record("the child of the system's generator must be the system's")
            return
        }
        #expect(child.next() != child.next())
    }
}
