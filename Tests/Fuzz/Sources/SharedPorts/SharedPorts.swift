import Peer
import Wire

/// Sessions that come and go on one port, and datagrams from anywhere: the tables stay as small as the
/// sessions are few, and are empty without them.
///
/// Each step is a byte that says what happens, one that says to whom, a length, and as many bytes.
@c(LLVMFuzzerTestOneInput)
public func fuzzSharedPorts(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = UnsafeBufferPointer(start: bytes, count: count)
    var router = SharedPortRouter()
    let local = SocketAddress(.loopback4, port: 5_000)
    var members: Set<Int> = []
    var reader = ByteReader(input.span.extracting(0...))
    while let step = try? reader.read(UInt8.self), let name = try? reader.read(UInt8.self),
        let length = try? reader.read(UInt8.self),
        let data = try? reader.readArray(count: min(Int(length), reader.remaining))
    {
        let member = Int(name & 15)
        let source = SocketAddress(.loopback4, port: UInt16(step >> 3) << 8 | UInt16(name))
        switch step & 7 {
        case 0:
            router.add(String(decoding: data, as: UTF8.self), of: member)
            members.insert(member)
        case 1:
            router.remove(member)
            members.remove(member)
        case 2: router.bind(source, on: local, to: member, by: .answer) { _, _, _ in .heard }
        case 3: router.expectAnswer(to: data.span, from: source, on: local, of: member)
        default:
            switch router.route(data.span, from: source, on: local) {
            case .known(let found):
                precondition(members.contains(found), "who has gone gets nothing")
            case .claimed(let found):
                precondition(members.contains(found), "who has gone is not named")
                router.bind(source, on: local, to: found, by: .request) { holder, _, _ in
                    precondition(members.contains(holder), "who has gone holds nothing")
                    return step & 8 == 0 ? .unknown : .selected
                }
            case .nobody: break
            }
        }
        precondition(router.counts.members == members.count, "strangers leave no trace")
        precondition(router.counts.addresses <= 64 * members.count, "few addresses each")
    }
    for member in members { router.remove(member) }
    precondition(router.counts == (0, 0), "nothing is left")
    return 0
}
