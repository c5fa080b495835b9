import SDP

extension LintCase {
    static let text = [
        LintCase(
            .unreadable,
            at: 9,
            .replace("m=audio 10100", "m=audio 70000"),
            passes: .replace("m=audio 10100", "m=audio 10102")
        ),
        LintCase(.requiredLine, at: 8, .remove("s=-"), passes: .replace("s=-", "s= ")),
        LintCase(
            .lineOrder,
            at: 4,
            .replace("s=-\r\nt=0 0", "t=0 0\r\ns=-"),
            passes: .add("i=x", after: "s=-")
        ),
        LintCase(
            .repeatedLine,
            at: 4,
            .add("s=x", after: "s=-"),
            passes: .add("t=0 0", after: "t=0 0")
        ),
        LintCase(
            .unknownLine,
            at: 5,
            .add("x=1", after: "t=0 0"),
            passes: .add("r=1", after: "t=0 0")
        ),
        LintCase(
            .malformedLine,
            at: 10,
            .replace("c=IN IP4 203.0.113.100\r\na=mid:0", "c=IN IP4\r\na=mid:0"),
            passes: .replace("c=IN IP4 203.0.113.100\r\na=mid:0", "c=IN IP4 a.example\r\na=mid:0")
        ),
        LintCase(.strayText, at: 4, .add("", after: "s=-"), passes: .replace("s=-", "s=a b")),
        LintCase(
            .lineEnding,
            at: 1,
            .replace("v=0\r\n", "v=0\n"),
            passes: .replace("s=-\r\n", "s=n\r\n")
        ),
        LintCase(
            .trailingSpace,
            at: 4,
            .replace("t=0 0", "t=0 0 "),
            passes: .replace("s=-", "s= ")
        ),
        LintCase(
            .forbiddenText,
            at: 3,
            .replace("s=-", "s=\0"),
            passes: .replace("s=-", "s=Привет")
        ),
    ]

    static let session = [
        LintCase(.wrongVersion, at: 1, .replace("v=0", "v=1"), passes: .replace("v=0", "v=00")),
        LintCase(
            .largeSessionNumber,
            at: 2,
            .replace("4962303333179871722", "9223372036854775808"),
            passes: .replace("4962303333179871722", "9223372036854775807")
        ),
        LintCase(.emptySessionName, at: 3, .replace("s=-", "s="), passes: .replace("s=-", "s= ")),
        LintCase(
            .addressType,
            at: 2,
            .replace("IP4 0.0.0.0", "IP6 0.0.0.0"),
            passes: .replace("IP4 0.0.0.0", "IP6 ::1")
        ),
        LintCase(
            .multicastTTL,
            at: 33,
            .replace("IP4 203.0.113.100\r\na=mid:1", "IP4 224.2.1.1\r\na=mid:1"),
            passes: .replace("IP4 203.0.113.100\r\na=mid:1", "IP4 224.2.1.1/127\r\na=mid:1")
        ),
        LintCase(
            .missingConnection,
            at: 9,
            .replace("c=IN IP4 203.0.113.100\r\na=mid:0", "a=mid:0"),
            passes: .replace("c=IN IP4 203.0.113.100\r\na=mid:0", "a=mid:0"),
            .add("c=IN IP4 203.0.113.100", after: "s=-")
        ),
        LintCase(
            .timeOrder,
            at: 4,
            .replace("t=0 0", "t=3034423619 3034423618"),
            passes: .replace("t=0 0", "t=3034423619 0")
        ),
        LintCase(
            .timedSession,
            at: 4,
            .replace("t=0 0", "t=3034423619 0"),
            passes: .add("t=0 0", after: "t=0 0")
        ),
        LintCase(
            .unknownBandwidth,
            at: 4,
            .add("b=ZZ:1", after: "s=-"),
            passes: .add("b=X-ZZ:1|b=AS:1|b=TIAS:1", after: "s=-")
        ),
        LintCase(
            .repeatedBandwidth,
            at: 34,
            .replace("a=mid:1", "b=AS:1\r\nb=AS:2\r\na=mid:1"),
            passes: .replace("a=mid:1", "b=AS:1\r\nb=TIAS:2\r\na=mid:1")
        ),
        LintCase(
            .obsoleteKey,
            at: 5,
            .add("k=prompt", after: "t=0 0"),
            passes: .add("a=key-mgmt:x", after: "t=0 0")
        ),
    ]

    static let attributes = [
        LintCase(
            .attributeName,
            at: 5,
            .add("a=what ever", after: "t=0 0"),
            passes: .add("a=what-ever:a b", after: "t=0 0")
        ),
        LintCase(
            .malformedAttribute,
            at: 14,
            .replace("opus/48000/2", "opus"),
            passes: .replace("opus/48000/2", "OPUS/48000/2")
        ),
        LintCase(
            .propertyWithValue,
            at: 26,
            .replace("a=rtcp-mux\r\n", "a=rtcp-mux:\r\n"),
            passes: .add("a=extmap-allow-mixed", after: "a=rtcp-mux")
        ),
        LintCase(
            .mediaAttributeInSession,
            at: 5,
            .add("a=mid:x", after: "t=0 0"),
            passes: .add("a=recvonly", after: "t=0 0")
        ),
        LintCase(
            .sessionAttributeInMedia,
            at: 12,
            .add("a=ice-lite", after: "a=mid:0"),
            passes: .add("a=ice-options:trickle ice2", after: "a=mid:0")
        ),
        LintCase(
            .repeatedAttribute,
            at: 12,
            .add("a=mid:7", after: "a=mid:0"),
            passes: .add("a=msid:stream2", after: "a=mid:0")
        ),
        LintCase(
            .conflictingDirections,
            at: 13,
            .add("a=recvonly", after: "a=sendrecv"),
            passes: .replace("a=sendrecv", "a=recvonly")
        ),
    ]
}
