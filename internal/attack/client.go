package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"strings"
	"time"

	"yizhan/internal/lang"
)

// answerLimit is how long and how large an answer a client of ours waits for.
const (
	answerLimit = 30 * time.Second
	bodyLimit   = 256 << 20
)

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (a answer) ok() bool { return a.status >= 200 && a.status < 300 }

// brief is an answer in a few words: its status and what it says.
func (a answer) brief() string {
	text := string(a.body)
	var told struct {
		Error struct{ Kind, Message string }
	}
	if json.Unmarshal(a.body, &told) == nil && told.Error.Kind != "" {
		text = told.Error.Kind + ": " + told.Error.Message
	}
	return fmt.Sprintf("%d %s", a.status, lang.Clip(text, 80))
}

// client is one connection, from an address of its own among those of this machine
// (127.0.0.2 and on), so that a service that shares its places out by address sees
// as many clients as there are.
type client struct {
	from, to string
	conn     net.Conn
	in       *bufio.Reader
}

func newClient(number int, to string) *client {
	return &client{from: fmt.Sprintf("127.0.0.%d", 1+number%250), to: to}
}

func (c *client) close() {
	if c.conn != nil {
		c.conn.Close()
		c.conn = nil
	}
}

// cutBy has the end of the context end what the connection waits for.
func (c *client) cutBy(ctx context.Context) (stop func() bool) {
	conn := c.conn
	return context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })
}

func (c *client) dial(ctx context.Context) error {
	if c.conn != nil {
		return nil
	}
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(c.from)}, Timeout: 10 * time.Second}
	conn, err := d.DialContext(ctx, "tcp", c.to)
	if err != nil {
		return err
	}
	c.conn, c.in = conn, bufio.NewReaderSize(conn, 16<<10)
	return nil
}

// get asks for a path with header lines such as "Accept: text/csv".
func (c *client) get(ctx context.Context, path string, headers ...string) (answer, error) {
	return c.send(ctx, http.MethodGet, path, nil, headers...)
}

func (c *client) send(ctx context.Context, method, path string, body []byte, headers ...string) (a answer, err error) {
	if err := c.dial(ctx); err != nil {
		return a, err
	}
	defer func() {
		if err != nil {
			c.close()
		}
	}()
	stop := c.cutBy(ctx)
	defer stop()
	if err := c.conn.SetDeadline(time.Now().Add(answerLimit)); err != nil {
		return a, err
	}
	var head strings.Builder
	fmt.Fprintf(&head, "%s %s HTTP/1.1\r\nHost: %s\r\n", method, path, c.to)
	for _, line := range headers {
		head.WriteString(line + "\r\n")
	}
	if method != http.MethodGet {
		fmt.Fprintf(&head, "Content-Length: %d\r\n", len(body))
	}
	if _, err := c.conn.Write(append([]byte(head.String()+"\r\n"), body...)); err != nil {
		return a, err
	}
	response, err := http.ReadResponse(c.in, &http.Request{Method: method})
	if err != nil {
		return a, err
	}
	defer response.Body.Close()
	a = answer{status: response.StatusCode, header: response.Header}
	if a.body, err = io.ReadAll(io.LimitReader(response.Body, bodyLimit)); err != nil {
		return a, err
	}
	if response.Close {
		c.close()
	}
	return a, nil
}

// ask sends one request on a connection of its own, as somebody without the token.
func (s *siege) ask(ctx context.Context, path string, headers ...string) (answer, error) {
	c := newClient(0, s.target.address)
	defer c.close()
	return c.get(ctx, path, headers...)
}

func (s *siege) bearer() string { return "Authorization: Bearer " + s.token }

// write sends one request that writes, with the token.
func (s *siege) write(ctx context.Context, method, path string, body []byte, headers ...string) (answer, error) {
	c := newClient(0, s.target.address)
	defer c.close()
	return c.send(ctx, method, path, body, append(headers, s.bearer())...)
}

// form is an upload of one file.
func form(layer, file string, content []byte) (body []byte, contentType string, err error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part, fileErr := w.CreateFormFile("file", file)
	if fileErr != nil {
		return nil, "", fileErr
	}
	_, writeErr := part.Write(content)
	err = errors.Join(w.WriteField("layer", layer), w.WriteField("crs", "wgs84"), writeErr, w.Close())
	return b.Bytes(), "Content-Type: " + w.FormDataContentType(), err
}

// upload previews a file.
func (s *siege) upload(ctx context.Context, layer, file string, content []byte) (answer, error) {
	body, contentType, err := form(layer, file, content)
	if err != nil {
		return answer{}, err
	}
	return s.write(ctx, http.MethodPost, "/imports", body, contentType)
}

// imported uploads a file and applies it, and returns its batch.
func (s *siege) imported(ctx context.Context, layer, file string, content []byte) (batch int64, err error) {
	var told struct{ ID, Batch int64 }
	a, err := s.upload(ctx, layer, file, content)
	if err == nil && a.status != http.StatusCreated {
		err = fmt.Errorf("upload to %s: %s", layer, a.brief())
	}
	if err != nil {
		return 0, err
	}
	if err := json.Unmarshal(a.body, &told); err != nil {
		return 0, err
	}
	a, err = s.write(ctx, http.MethodPost, fmt.Sprintf("/imports/%d/apply", told.ID), nil)
	if err == nil && !a.ok() {
		err = fmt.Errorf("apply import %d: %s", told.ID, a.brief())
	}
	if err != nil {
		return 0, err
	}
	err = json.Unmarshal(a.body, &told)
	return told.Batch, err
}

// undo takes a batch back.
func (s *siege) undo(ctx context.Context, batch int64) error {
	a, err := s.write(ctx, http.MethodPost, fmt.Sprintf("/batches/%d/undo?force=true", batch), nil)
	if err == nil && !a.ok() {
		err = fmt.Errorf("undo batch %d: %s", batch, a.brief())
	}
	return err
}
