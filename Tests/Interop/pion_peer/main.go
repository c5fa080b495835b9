// A Pion peer that is driven by lines of JSON: it sends back the audio it hears.
//
//	{"type": "call"}                     make an offer
//	{"type": "offer", "sdp": "…"}        take an offer and answer it
//	{"type": "answer", "sdp": "…"}       take an answer
//	{"type": "candidate", "candidate": "candidate:…", "mid": "0"}
//	{"type": "describe"}                 make an offer with audio, video and data, and end
//
// It prints offers, answers, candidates and states in the same form.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"sync"

	"github.com/pion/interceptor"
	"github.com/pion/webrtc/v3"
)

type message struct {
	Type      string  `json:"type"`
	SDP       string  `json:"sdp,omitempty"`
	Candidate string  `json:"candidate,omitempty"`
	MID       *string `json:"mid,omitempty"`
	State     string  `json:"state,omitempty"`
	Packets   int     `json:"packets,omitempty"`
}

var printing sync.Mutex

func say(m message) {
	printing.Lock()
	defer printing.Unlock()
	line, _ := json.Marshal(m)
	fmt.Println(string(line))
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "pion:", err)
		os.Exit(1)
	}
}

func main() {
	lite := flag.Bool("lite", false, "be an ICE lite agent")
	impatient := flag.Bool("impatient", false, "nominate the first pair that works")
	flag.Parse()

	settings := webrtc.SettingEngine{}
	settings.SetLite(*lite)
	settings.SetIncludeLoopbackCandidate(true)
	if *impatient {
		// Pion as it is waits 0.5 s for better pairs than reflexive ones, 1 s for better than
		// peer-reflexive and 2 s for better than relayed ones.
		settings.SetSrflxAcceptanceMinWait(0)
		settings.SetPrflxAcceptanceMinWait(0)
		settings.SetRelayAcceptanceMinWait(0)
	}
	if *lite {
		settings.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	}
	media := &webrtc.MediaEngine{}
	check(media.RegisterDefaultCodecs())
	registry := &interceptor.Registry{}
	check(webrtc.RegisterDefaultInterceptors(media, registry))
	api := webrtc.NewAPI(webrtc.WithMediaEngine(media), webrtc.WithInterceptorRegistry(registry),
		webrtc.WithSettingEngine(settings))
	peer, err := api.NewPeerConnection(webrtc.Configuration{})
	check(err)

	track, err := webrtc.NewTrackLocalStaticRTP(
		webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2}, "audio", "pion")
	check(err)
	_, err = peer.AddTrack(track)
	check(err)

	peer.OnTrack(func(remote *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
		packets := 0
		for {
			packet, _, err := remote.ReadRTP()
			if err != nil {
				say(message{Type: "heard", Packets: packets})
				return
			}
			packets++
			if err := track.WriteRTP(packet); err != nil {
				return
			}
		}
	})
	peer.OnConnectionStateChange(func(state webrtc.PeerConnectionState) {
		say(message{Type: "state", State: state.String()})
	})
	peer.OnICECandidate(func(candidate *webrtc.ICECandidate) {
		if candidate == nil {
			return
		}
		init := candidate.ToJSON()
		say(message{Type: "candidate", Candidate: init.Candidate, MID: init.SDPMid})
	})

	var early []webrtc.ICECandidateInit
	takeEarly := func() {
		for _, candidate := range early {
			check(peer.AddICECandidate(candidate))
		}
		early = nil
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 1<<20), 1<<20)
	for lines.Scan() {
		var m message
		check(json.Unmarshal(lines.Bytes(), &m))
		switch m.Type {
		case "call":
			offer, err := peer.CreateOffer(nil)
			check(err)
			check(peer.SetLocalDescription(offer))
			say(message{Type: "offer", SDP: offer.SDP})
		case "describe":
			_, err := peer.AddTransceiverFromKind(webrtc.RTPCodecTypeVideo)
			check(err)
			_, err = peer.CreateDataChannel("data", nil)
			check(err)
			offer, err := peer.CreateOffer(nil)
			check(err)
			gathered := webrtc.GatheringCompletePromise(peer)
			check(peer.SetLocalDescription(offer))
			<-gathered
			say(message{Type: "offer", SDP: peer.LocalDescription().SDP})
			check(peer.Close())
			return
		case "offer":
			check(peer.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: m.SDP}))
			takeEarly()
			answer, err := peer.CreateAnswer(nil)
			check(err)
			check(peer.SetLocalDescription(answer))
			say(message{Type: "answer", SDP: answer.SDP})
		case "answer":
			check(peer.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: m.SDP}))
			takeEarly()
		case "candidate":
			// A name of mDNS is of no use on one machine; an empty line ends the candidates.
			if m.Candidate == "" || strings.Contains(m.Candidate, ".local ") {
				continue
			}
			candidate := webrtc.ICECandidateInit{Candidate: m.Candidate, SDPMid: m.MID}
			if peer.RemoteDescription() == nil {
				early = append(early, candidate)
				continue
			}
			check(peer.AddICECandidate(candidate))
		}
	}
	check(peer.Close())
}
