package micro

import (
	"crypto/rand"
	"os"
	"testing"

	"github.com/pion/ice/v2"
	"github.com/pion/rtp"
	"github.com/pion/rtcp"
	"github.com/pion/sdp/v3"
	"github.com/pion/srtp/v2"
	"github.com/pion/stun"
)

func BenchmarkSDPParseChromeOffer(b *testing.B) {
	raw, err := os.ReadFile("chrome_offer.sdp")
	if err != nil { b.Fatal(err) }
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for i := 0; i < b.N; i++ {
		var s sdp.SessionDescription
		if err := s.Unmarshal(raw); err != nil { b.Fatal(err) }
	}
}
func BenchmarkSDPMarshalChromeOffer(b *testing.B) {
	raw, _ := os.ReadFile("chrome_offer.sdp")
	var s sdp.SessionDescription
	s.Unmarshal(raw)
	b.ReportAllocs()
	for i := 0; i < b.N; i++ { if _, err := s.Marshal(); err != nil { b.Fatal(err) } }
}
func build(m *stun.Message, integ stun.MessageIntegrity) error {
	return m.Build(stun.BindingRequest, stun.TransactionID, stun.NewUsername("abcd:efgh"), ice.PriorityAttr(1845501695), ice.AttrControlling(1234567), ice.UseCandidate(), integ, stun.Fingerprint)
}
func BenchmarkSTUNEncodeMIFP(b *testing.B) {
	b.ReportAllocs()
	m := new(stun.Message)
	integ := stun.NewShortTermIntegrity("q5Yt0hVd4j1wGzN8mBv2Rk7s")
	for i := 0; i < b.N; i++ { if err := build(m, integ); err != nil { b.Fatal(err) } }
}
func BenchmarkSTUNDecodeVerifyMIFP(b *testing.B) {
	b.ReportAllocs()
	m := new(stun.Message)
	integ := stun.NewShortTermIntegrity("q5Yt0hVd4j1wGzN8mBv2Rk7s")
	if err := build(m, integ); err != nil { b.Fatal(err) }
	raw := append([]byte{}, m.Raw...)
	d := new(stun.Message)
	for i := 0; i < b.N; i++ {
		d.Raw = append(d.Raw[:0], raw...)
		if err := d.Decode(); err != nil { b.Fatal(err) }
		if err := stun.Fingerprint.Check(d); err != nil { b.Fatal(err) }
		if err := integ.Check(d); err != nil { b.Fatal(err) }
	}
}
func BenchmarkSTUNDecodeOnly(b *testing.B) {
	m := new(stun.Message)
	build(m, stun.NewShortTermIntegrity("q5Yt0hVd4j1wGzN8mBv2Rk7s"))
	raw := append([]byte{}, m.Raw...)
	d := new(stun.Message)
	for i := 0; i < b.N; i++ { d.Raw = append(d.Raw[:0], raw...); if err := d.Decode(); err != nil { b.Fatal(err) } }
}
func mkrtp(n int) []byte {
	p := rtp.Packet{Header: rtp.Header{Version: 2, PayloadType: 96, SequenceNumber: 5, Timestamp: 77, SSRC: 0x1234}, Payload: make([]byte, n)}
	p.Header.SetExtension(3, []byte{1, 2})
	p.Header.SetExtension(4, []byte{'0'})
	r, _ := p.Marshal()
	return r
}
func BenchmarkRTPHeaderParse(b *testing.B) {
	raw := mkrtp(1200)
	b.ReportAllocs()
	var h rtp.Header
	for i := 0; i < b.N; i++ { if _, err := h.Unmarshal(raw); err != nil { b.Fatal(err) } }
}
func BenchmarkRTPHeaderParseFresh(b *testing.B) {
	raw := mkrtp(1200)
	b.ReportAllocs()
	for i := 0; i < b.N; i++ { h := &rtp.Header{}; if _, err := h.Unmarshal(raw); err != nil { b.Fatal(err) } }
}
func BenchmarkRTPMarshalTo(b *testing.B) {
	p := rtp.Packet{}
	p.Unmarshal(mkrtp(1200))
	buf := make([]byte, 1500)
	for i := 0; i < b.N; i++ { if _, err := p.MarshalTo(buf); err != nil { b.Fatal(err) } }
}
func BenchmarkRTCPParseSRSDESNACK(b *testing.B) {
	raw, err := rtcp.Marshal([]rtcp.Packet{&rtcp.SenderReport{SSRC: 1, Reports: []rtcp.ReceptionReport{{SSRC: 2}}}, &rtcp.SourceDescription{Chunks: []rtcp.SourceDescriptionChunk{{Source: 1, Items: []rtcp.SourceDescriptionItem{{Type: rtcp.SDESCNAME, Text: "Kq3vXb8dTnLm0pZs"}}}}}, &rtcp.TransportLayerNack{SenderSSRC: 1, MediaSSRC: 2, Nacks: []rtcp.NackPair{{PacketID: 3, LostPackets: 5}}}})
	if err != nil { b.Fatal(err) }
	b.ReportAllocs()
	for i := 0; i < b.N; i++ { if _, err := rtcp.Unmarshal(raw); err != nil { b.Fatal(err) } }
}
func benchSRTP(b *testing.B, prof srtp.ProtectionProfile, n int, salt int, dec bool) {
	k := make([]byte, 16); s := make([]byte, salt)
	rand.Read(k); rand.Read(s)
	e, err := srtp.CreateContext(k, s, prof); if err != nil { b.Fatal(err) }
	d, _ := srtp.CreateContext(k, s, prof)
	raw := mkrtp(n)
	enc := make([]byte, 0, 1600); out := make([]byte, 0, 1600)
	b.SetBytes(int64(n)); b.ReportAllocs(); b.ResetTimer()
	for i := 0; i < b.N; i++ {
		raw[2], raw[3] = byte(i>>8), byte(i)
		enc, err = e.EncryptRTP(enc[:0], raw, nil)
		if err != nil { b.Fatal(err) }
		if dec { if out, err = d.DecryptRTP(out[:0], enc, nil); err != nil { b.Fatal(err) } }
	}
}
func BenchmarkSRTPEncDecCM80_1200(b *testing.B)  { benchSRTP(b, srtp.ProtectionProfileAes128CmHmacSha1_80, 1200, 14, true) }
func BenchmarkSRTPEncDecCM80_160(b *testing.B)   { benchSRTP(b, srtp.ProtectionProfileAes128CmHmacSha1_80, 160, 14, true) }
func BenchmarkSRTPEncDecGCM_1200(b *testing.B)   { benchSRTP(b, srtp.ProtectionProfileAeadAes128Gcm, 1200, 12, true) }
func BenchmarkSRTPEncDecGCM_160(b *testing.B)    { benchSRTP(b, srtp.ProtectionProfileAeadAes128Gcm, 160, 12, true) }
func BenchmarkSRTPEncCM80_1200(b *testing.B)     { benchSRTP(b, srtp.ProtectionProfileAes128CmHmacSha1_80, 1200, 14, false) }
func BenchmarkSRTPEncGCM_1200(b *testing.B)      { benchSRTP(b, srtp.ProtectionProfileAeadAes128Gcm, 1200, 12, false) }
