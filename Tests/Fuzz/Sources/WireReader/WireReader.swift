import Wire

/// The first half of the input says what to read from the second.
@c(LLVMFuzzerTestOneInput)
public func fuzzWireReader(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = UnsafeBufferPointer(start: bytes, count: count).span
    var reader = ByteReader(input.extracting((count / 2)..<count))
    for index in 0..<count / 2 {
        do {
            switch input[index] & 7 {
            case 0: _ = try reader.read(UInt8.self)
            case 1: _ = try reader.read(UInt16.self)
            case 2: _ = try reader.readUInt24()
            case 3: _ = try reader.read(UInt32.self)
            case 4: _ = try reader.read(UInt64.self)
            case 5: _ = try reader.read(count: Int(input[index] >> 3))
            case 6: try reader.skip(Int(input[index] >> 3) - 4)
            default: _ = try reader.peek()
            }
        } catch {
            precondition(reader.offset <= count - count / 2, "an error leaves the place alone")
        }
    }
    check(String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self))
    return 0
}

/// Addresses come from descriptions and signaling: what is written is read again.
private func check(_ text: String) {
    if let address = IPAddress(text) {
        precondition(IPAddress(address.description) == address, "written, then read")
    }
    if let address = SocketAddress(text) {
        precondition(SocketAddress(address.description) == address, "written, then read")
    }
    _ = Hex.decode(text)
}
