// Calls a service with an ID token: client AUDIENCE URL client|token-source [KEY_FILE]
//
// Without a key file, the token is that of this machine.
package main

import (
	"context"
	"io"
	"log"
	"net/http"
	"os"

	"google.golang.org/api/idtoken"
)

func main() {
	audience, url, way := os.Args[1], os.Args[2], os.Args[3]
	var options []idtoken.ClientOption
	if len(os.Args) > 4 {
		options = append(options, idtoken.WithCredentialsFile(os.Args[4]))
	}
	answer, err := call(context.Background(), audience, url, way, options)
	if err != nil {
		log.Fatal(err)
	}
	defer answer.Body.Close()
	io.Copy(os.Stdout, answer.Body)
}

func call(ctx context.Context, audience, url, way string, options []idtoken.ClientOption) (*http.Response, error) {
	if way == "client" {
		client, err := idtoken.NewClient(ctx, audience, options...)
		if err != nil {
			return nil, err
		}
		return client.Get(url)
	}
	source, err := idtoken.NewTokenSource(ctx, audience, options...)
	if err != nil {
		return nil, err
	}
	token, err := source.Token()
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequest("GET", url, nil)
	if err != nil {
		return nil, err
	}
	token.SetAuthHeader(request)
	return http.DefaultClient.Do(request)
}
