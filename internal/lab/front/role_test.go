package front

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/stretchr/testify/require"
)

func TestRoleKeepsWhatAnUpdateDoesNotName(t *testing.T) {
	t.Parallel()
	a := login(t, startMoto(t, Options{}), "672345678901")
	ctx := t.Context()
	name := aws.String("role")
	_, err := a.iam.UpdateRole(ctx, &iam.UpdateRoleInput{RoleName: name, Description: aws.String("x")})
	var none *iamtypes.NoSuchEntityException
	require.ErrorAs(t, err, &none)
	_, err = a.iam.CreateRole(ctx, &iam.CreateRoleInput{
		RoleName: name, Description: aws.String("before"), MaxSessionDuration: aws.Int32(7200),
		AssumeRolePolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[]}`),
	})
	require.NoError(t, err)
	role := func() (string, int32) {
		r, err := a.iam.GetRole(ctx, &iam.GetRoleInput{RoleName: name})
		require.NoError(t, err)
		return aws.ToString(r.Role.Description), *r.Role.MaxSessionDuration
	}
	_, err = a.iam.UpdateRole(ctx, &iam.UpdateRoleInput{RoleName: name, MaxSessionDuration: aws.Int32(3600)})
	require.NoError(t, err)
	description, duration := role()
	require.Equal(t, "before", description)
	require.EqualValues(t, 3600, duration)
	_, err = a.iam.UpdateRole(ctx, &iam.UpdateRoleInput{RoleName: name, Description: aws.String("")})
	require.NoError(t, err)
	description, duration = role()
	require.Empty(t, description)
	require.EqualValues(t, 3600, duration)
}
