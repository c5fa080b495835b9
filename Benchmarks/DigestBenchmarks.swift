import Digests

let digestBenchmarks = [
    // The length of a connectivity check up to its MESSAGE-INTEGRITY.
    Benchmark("digests/hmac-sha1-108B", goal: .atMost(350, mallocs: 0)) {
        let message = [UInt8](repeating: 7, count: 108)
        let hmac = HMACSHA1(key: [UInt8]("VOkJxbRl1RmTxUk/WvJxBt".utf8).span)
        return { iterations in
            var code = [UInt8](repeating: 0, count: HMACSHA1.codeLength)
            for _ in 0..<iterations {
                let bytes = hide(message)
                var place = code.mutableSpan
                hmac.write(codeOf: bytes.span, to: &place)
                use(place[0])
            }
        }
    },
    Benchmark("digests/hmac-sha256-108B", goal: .atMost(400, mallocs: 0)) {
        let message = [UInt8](repeating: 7, count: 108)
        let hmac = HMACSHA256(key: [UInt8]("VOkJxbRl1RmTxUk/WvJxBt".utf8).span)
        return { iterations in
            var code = [UInt8](repeating: 0, count: HMACSHA256.codeLength)
            for _ in 0..<iterations {
                let bytes = hide(message)
                var place = code.mutableSpan
                hmac.write(codeOf: bytes.span, to: &place)
                use(place[0])
            }
        }
    },
    Benchmark("digests/hmac-sha1-new-key") {
        let key = [UInt8]("VOkJxbRl1RmTxUk/WvJxBt".utf8)
        let message = [UInt8](repeating: 7, count: 108)
        return { iterations in
            for _ in 0..<iterations {
                let bytes = hide(key)
                use(HMACSHA1(key: bytes.span).code(of: message.span)[0])
            }
        }
    },
    // The length of a self-signed P-256 certificate: its fingerprint.
    Benchmark("digests/sha256-320B", goal: .atMost(1_500)) {
        let certificate = [UInt8](repeating: 7, count: 320)
        return { iterations in
            for _ in 0..<iterations {
                let bytes = hide(certificate)
                use(HashFunction.sha256.hash(bytes.span)[0])
            }
        }
    },
]
