// Package hostileserver plays hosts that mean harm, or have lost their mind, so
// that tests can see each of them end within its limit.
//
// [New] serves every [Case] over HTTP on one loopback address. [Stall] takes
// connections and never says a word, whether TLS or HTTP was hoped for. [Names]
// answers look-ups as a test wants them answered, one way first and another way
// next. A [Witness] stands where nobody may go, and counts who came.
package hostileserver
