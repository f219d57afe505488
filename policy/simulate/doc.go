// Package simulate answers whether AWS would allow a request: it evaluates the service and resource
// control policies of an account's chain (root, units, account) and, where they are given, identity
// policies, a permissions boundary, session policies and a resource policy.
//
// It follows what AWS documents. Where AWS documents nothing, the answer is the one that denies: a Deny
// statement applies in doubt and an Allow statement does not, and [Answer.Doubts] says so. A condition
// key that the request does not carry and that does not follow from it counts as missing, and
// [Answer.Unknown] names it, since the real request may carry it.
//
// What it does not know: which condition keys and resource types an action has, VPC endpoint policies,
// access control lists, grants of KMS, and the few tasks of a root user that service control policies
// never restrict. A statement about several resources of one call (ec2:RunInstances) is one request
// for each.
package simulate
