import STUN

/// Any text as the address of a server; one that is read is written, and read again.
@c(LLVMFuzzerTestOneInput)
public func fuzzServerAddresses(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    _ = try? OpaqueString.prepare(text)
    _ = RESTCredentials.lookUp(text, at: 0, secret: "secret")
    do throws(ICEServerURIError) {
        let uri = try ICEServerURI(text)
        precondition((try? ICEServerURI(uri.description)) == uri, "written, then read")
    } catch {
        precondition(error.offset <= text.utf8.count, "the place lies in the text")
    }
    return 0
}
