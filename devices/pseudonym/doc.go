// Package pseudonym makes a recording safe to show to strangers: it replaces
// names, addresses, prefixes and AS numbers, each always by the same, so that
// subnets still contain what they contained, links still join, and a diagnosis
// reaches the same causes.
//
// Addresses keep the class that they belong to (private, documentation,
// multicast, loopback, link-local, masks) and the part that tells the host
// within a small subnet: the first and the last octet of an IPv4 address stay,
// what is between is mapped by a keyed function that preserves prefixes (after
// Xu, Fan, Ammar and Moon, "Prefix-Preserving IP Address Anonymization", 2002).
// Of an IPv6 address the first 16 bits and the interface identifier stay. AS
// numbers stay private or public. Free text (descriptions, contacts, banners)
// is replaced as a whole. MAC addresses, interface names, VLANs, VNIs, metrics,
// versions and times stay.
//
// What maps back is the table ([Mapper.Table]), to be kept apart.
package pseudonym
