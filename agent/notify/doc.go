// Package notify tells receivers what a report says: Slack, Microsoft Teams, a
// webhook signed with HMAC-SHA256, a mailbox over SMTP.
//
// Nothing is sent from where a report is made. [Office.Post] decides who is to
// hear of it and puts one [Letter] a receiver into an [Outbox], once for each
// report however often it is called; [Office.Flush] delivers what is due,
// tries again with growing pauses what failed, and gives up after a while: a
// dead letter stays in the outbox to be shown. An outbox that survives the
// process makes both survive it. A letter whose delivery was begun and whose
// outcome nobody knows (the process was killed) is sent again and says that it
// may be a repeat; its Idempotency-Key lets a receiver drop it.
//
// Text of devices is data in every format: it mentions nobody, links nowhere
// and runs nothing. No secret (an address with a token in it, a password, a
// signing key) stands in a letter, an error or a log.
package notify
