package wire

// Method is a request method. Methods are case-sensitive (RFC 3261 section
// 7.1); one that is not listed here is Extension.
type Method uint8

// The methods that the gateway tells apart.
const (
	Extension Method = iota
	Invite
	Ack
	Bye
	Cancel
	Options
	Register
	Prack
	Update
	Info
	Refer
	Notify
	Messaging
	Subscribe
	Publish
)

var methodNames = [...]string{
	Extension: "", Invite: "INVITE", Ack: "ACK", Bye: "BYE", Cancel: "CANCEL", Options: "OPTIONS",
	Register: "REGISTER", Prack: "PRACK", Update: "UPDATE", Info: "INFO", Refer: "REFER",
	Notify: "NOTIFY", Messaging: "MESSAGE", Subscribe: "SUBSCRIBE", Publish: "PUBLISH",
}

// String gives the method as it stands in a request line; "" for Extension.
func (m Method) String() string { return methodNames[m] }

// MethodOf gives the method with this exact name.
func MethodOf(name []byte) Method {
	if len(name) == 0 {
		return Extension
	}
	for m := Invite; m <= Publish; m++ {
		if n := methodNames[m]; n[0] == name[0] && n == string(name) {
			return m
		}
	}
	return Extension
}
